import type { VerdictMessages } from './types.ts';

export const en: VerdictMessages = {
  heading: (name) => `What ${name} means`,
  labels: { means: 'It means', proves: 'It proves', provesNot: 'It does not prove', next: 'What to do' },
  verdicts: {
    sealed: {
      means: 'The run was ended and signed, and not one byte of its journal has changed since.',
      proves:
        'Whoever held the signing key during the run let exactly these records be signed, and none is missing at the end.',
      provesNot:
        'That what they say is true: tejun wrote what it saw on that host. Nor that the holder of the key did not write it anew later; the receipt shows that.',
      next: ['compare it with the receipt in the ticket: --receipt', 'keep it together with the receipt'],
    },
    rehearsal: {
      means: 'The journal is whole and signed, but of a rehearsal on the operator’s own machine.',
      proves: 'Somebody practised this runbook, and this is how it went.',
      provesNot: 'That anything was done in a real environment. It can never pass for a real run.',
      next: ['ask for the journal of the real run', 'when a rehearsal is what you expect: --rehearsal'],
    },
    unsealed: {
      means: 'All that is here is signed, but there is no seal: the run goes on, it stopped, or its end was cut off.',
      proves: 'The records that are here are as they were signed.',
      provesNot: 'That these are all: later records may be missing, also the bad ones.',
      next: [
        'ask the operator whether the run is still open; tejun resume goes on with it',
        'compare it with the receipt, if one was printed: --receipt',
      ],
    },
    'unsigned-tail': {
      means: 'From one record on nobody has signed.',
      proves: 'The records before it, if there are any, are as they were signed.',
      provesNot: 'Anything about the records after it: anybody who could write the file could have written them.',
      next: [
        'ask the operator; the journal’s last “signer” record says why nobody signed',
        'tejun seal RUN, on the host of the run, signs it now: that proves nothing of the time before',
      ],
    },
    torn: {
      means: 'The last line is incomplete, as a crash, a power cut or a full disk leaves it.',
      proves: 'The whole records before it, as far as they are signed.',
      provesNot: 'What happened last: a step may have taken effect without a record of its result.',
      next: [
        'look at the target of the last step before anything is done again',
        'tejun resume, on the host of the run, keeps the incomplete line aside and goes on',
      ],
    },
    'chain-broken': {
      means: 'A record does not follow from the one before it: the file was damaged or changed afterwards.',
      proves: 'That this is not the file that tejun wrote.',
      provesNot: 'Who changed it, or that it was on purpose: a bad disk or an editor does the same.',
      next: [
        'keep the file as it is, and do not repair it',
        'find another copy: on the host of the run, in the team’s store, in a backup',
        'if no copy verifies, treat it as tampered with',
      ],
    },
    'bad-signature': {
      means:
        'A signature does not fit: these are not the bytes that were signed, or it is not the key that may sign here.',
      proves: 'That this is not a journal as its operator signed it.',
      provesNot: 'Who changed it, nor which record: everything before that signature is in doubt.',
      next: [
        'keep the file as it is',
        'find another copy, and ask the operator',
        'if no copy verifies, treat it as tampered with',
      ],
    },
    'unknown-signer': {
      means: 'The signatures are good, but your list of keys does not know the key, or it was revoked.',
      proves: 'That whoever holds that key signed these records, and nobody changed them since.',
      provesNot: 'Who that is: anybody can make a key and write a colleague’s name on it.',
      next: [
        'compare the fingerprint with the colleague, by voice or face to face',
        'if it is theirs: tejun keys trust NAME KEY, and verify again',
        'if it is not, or it was revoked: treat the journal as forged',
      ],
    },
    'other-run': {
      means: 'A signature or the receipt belongs to another run than this journal.',
      proves: 'That the two do not belong together.',
      provesNot: 'That somebody did it on purpose: the wrong file or the wrong ticket looks the same.',
      next: [
        'check the id of the run in the ticket, and take the journal of that run',
        'if it was the signature and not the receipt, treat the journal as tampered with',
      ],
    },
    'older-than-receipt': {
      means: 'The receipt was printed for a longer journal of this run, or for another one.',
      proves: 'That this is not the journal that was there when the receipt was printed.',
      provesNot: 'Who replaced it: an old backup looks the same as an end that somebody cut off.',
      next: [
        'find the journal that fits the receipt: on the host of the run, in the team’s store',
        'if there is none, what happened afterwards is lost, or was hidden',
      ],
    },
  },
  selfDeclared:
    'Nor whose key it is: no list of keys was there to compare it with. Give --allowed-signers, or compare the fingerprint.',
  late: 'Nor how it was before the seal: it was written and signed afterwards.',
};
