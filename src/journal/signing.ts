/**
 * The signing of a run while it goes on: by the run key for as long as its certificate covers the clock, and then by
 * another one that is certified anew. What cannot be signed stays unsigned, is said to be, and can be signed later.
 */
import type { JournalRecord } from './records.ts';
import { type Signer, signerEntry } from './signer.ts';
import type { Journal } from './writer.ts';

export class Signing {
  readonly #journal: Journal;
  readonly #certify: () => Promise<Signer>;
  readonly #now: () => Date;
  #signer: Signer;
  /** The operator's key was asked again, and did not certify: it is asked once more at the seal, and not at every step. */
  #gaveUp = false;
  /** Number of records when the last signature was written: the same bytes are not signed twice. */
  #signed = 0;

  /**
   * @param signer who signs first; its `signer` record is written by the caller
   * @param certify finds who signs from now on: by the environment and the agent that are there when it is called
   */
  constructor(journal: Journal, signer: Signer, certify: () => Promise<Signer>, now: () => Date = () => new Date()) {
    this.#journal = journal;
    this.#signer = signer;
    this.#certify = certify;
    this.#now = now;
  }

  /**
   * Signs everything so far. Gives the records that it wrote: the signature, before it a `signer` record when another key
   * took over, and nothing when nobody can sign or nothing is new. Throws only as `Journal.append` does.
   *
   * @param last the run ends here: the key is forgotten afterwards
   */
  async sign(last: boolean): Promise<JournalRecord[]> {
    const written: JournalRecord[] = [];
    if (this.#signer.lapses(this.#now()) && (last || !this.#gaveUp)) {
      const next = await this.#certify();
      this.#gaveUp = next.source === 'none';
      // Nobody before and nobody now is nothing new.
      if (!this.#gaveUp || this.#signer.source !== 'none') {
        this.#signer.forget();
        this.#signer = next;
        written.push(this.#journal.append(signerEntry(next)));
      }
    }
    if (this.#journal.length > this.#signed && this.#signer.source !== 'none') {
      const signed = this.#journal.signPrefix(this.#signer);
      if ('record' in signed) {
        written.push(signed.record);
        this.#signed = this.#journal.length;
      }
    }
    if (last) this.#signer.forget();
    return written;
  }
}
