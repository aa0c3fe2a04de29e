import { describe, expect, test } from 'vitest';
import { brief, FRONT, fence, problems, runbook, USES } from './a-runbook.ts';

/** One mistake each: what is written from line 11 on, and `code @ line:column «text» → first advice`. */
const STEPS: Record<string, [body: string, ...expected: string[]]> = {
  'a misspelt stage': [fence('bash prefligth'), 'stage-unknown @ 11:9 «```bash prefligth» → did you mean `preflight`?'],
  'a capital stage': [fence('bash Verify'), 'stage-unknown @ 11:9 «```bash Verify» → did you mean `verify`?'],
  'a language that does not run': [
    fence('ruby deploy'),
    'language-unknown @ 11:4 «```ruby deploy» → one of: bash, sh, sql, http, python, yaml, manual',
  ],
  'a stage without a language': [
    fence('verify id=x'),
    'language-missing @ 11:4 «```verify id=x» → one of: bash verify, sh verify, sql verify, http verify, python verify, yaml verify, manual verify',
  ],
  'attributes without a stage': [
    fence('bash timeout=3s'),
    'stage-missing @ 11:9 «```bash timeout=3s» → write the stage after the language: preflight, seed, deploy, verify, rollback, triage, remedy, routine',
  ],
  'an unknown attribute': [
    fence('bash verify timout=3s'),
    'attribute-unknown @ 11:16 «```bash verify timout=3s» → did you mean `timeout`?',
  ],
  'a bare word': [
    fence('bash verify timeout'),
    'attribute-malformed @ 11:16 «```bash verify timeout» → write it as timeout=…',
  ],
  'an open quotation': [
    fence('bash verify title="x'),
    'attribute-malformed @ 11:16 «```bash verify title="x» → close it with the same quotation mark',
  ],
  'an empty attribute': [
    fence('bash verify timeout='),
    'attribute-empty @ 11:24 «```bash verify timeout=» → give it a value, or leave it out',
  ],
  'an attribute twice': [
    fence('bash verify id=a id=b'),
    'attribute-twice @ 11:21 «```bash verify id=a id=b» → keep one of them',
  ],
  'a timeout without a unit': [
    fence('bash verify timeout=3'),
    'attribute-timeout @ 11:24 «```bash verify timeout=3» → a time up to 24h, such as timeout=90s, timeout=15m or timeout=1h30m',
  ],
  'a retry without a pause': [
    fence('bash verify retry=3'),
    'attribute-retry @ 11:22 «```bash verify retry=3» → how often and how long apart: retry=10x3s',
  ],
  'a budget below one': [
    fence('bash verify budget=0'),
    'attribute-budget @ 11:23 «```bash verify budget=0» → a whole number from 1: budget=1',
  ],
  'a misspelt effect': [
    fence('bash verify effect=wirte'),
    'attribute-effect @ 11:23 «```bash verify effect=wirte» → did you mean `write`?',
  ],
  'an unknown place': [
    fence('bash verify on=vm:x'),
    'attribute-on @ 11:19 «```bash verify on=vm:x» → on=local, on=ssh:HOST, on=fly:APP or on=compose:SERVICE',
  ],
  'a host that is an option': [
    fence('bash verify on=ssh:-oProxyCommand'),
    'attribute-on @ 11:19 «```bash verify on=ssh:-oProxyCommand» → on=local, on=ssh:HOST, on=fly:APP or on=compose:SERVICE',
  ],
  'an attribute of another language': [
    fence('http verify exit=1', 'GET $base_url'),
    'attribute-misplaced @ 11:21 «```http verify exit=1» → leave it out; it is for bash, sh, python',
  ],
  'a step that runs nothing': [fence('bash verify', ''), 'step-empty @ 11:1 «```bash verify» → write what it runs'],
  'a typed step without a task': [
    fence('yaml verify', 'app: $app'),
    'uses-missing @ 11:1 «```yaml verify» → name the task: uses=fly/deploy',
  ],
  'sql without a database': [
    fence('sql verify', 'select 1'),
    'secret-missing @ 11:1 «```sql verify» → name the secret that holds its URL: secrets=DATABASE_URL',
  ],
  'an open list in a task’s input': [
    fence('yaml verify uses=fly/status', 'app: ['),
    'yaml @ 12:7 «app: [» → close it with ]',
  ],
  'a key twice in a task’s input': [
    fence('yaml verify uses=fly/status', 'app: a\napp: b'),
    'yaml @ 13:1 «app: b» → keep one of them',
  ],
  'an alias in a task’s input': [
    fence('yaml verify uses=fly/status', 'app: &a x\nb: *a'),
    'yaml @ 13:4 «b: *a» → write the value out',
  ],
  'a check that comes back': [
    fence('bash verify every=day'),
    'attribute-misplaced @ 11:22 «```bash verify every=day» → leave it out; it is for routine steps',
  ],
  'a routine that comes back every day and every week': [
    `# Daily\n\n${fence('bash routine id=a every=day')}${fence('bash routine id=b every=week')}`,
    'every-twice @ 16:28 «```bash routine id=b every=week» → say it once, at its first step',
  ],
  'an id twice': [
    fence('bash verify id=a') + fence('bash verify id=a'),
    'id-twice @ 14:19 «```bash verify id=a» → give one of them another id',
  ],
  'needs of nobody': [
    fence('bash verify needs=usse'),
    'step-unknown @ 11:22 «```bash verify needs=usse» → did you mean `uses`?',
  ],
  'needs of a later step': [
    fence('bash verify id=a needs=uses'),
    'needs-order @ 11:27 «```bash verify id=a needs=uses» → move uses above a',
  ],
  'needs of a step beside the path': [
    fence('bash rollback id=back') + fence('bash verify id=a needs=back'),
    'needs-unreachable @ 14:27 «```bash verify id=a needs=back» → name a step of the guided path',
  ],
  'the second of several needs': [
    fence('bash preflight id=a') + fence('bash verify needs=a,b'),
    'step-unknown @ 14:24 «```bash verify needs=a,b» → one of: a, verify, uses',
  ],
  'a circle of needs': [
    fence('bash verify id=a needs=b') + fence('bash verify id=b needs=a'),
    'cycle @ 11:27 «```bash verify id=a needs=b» → take one of the references out',
  ],
  'a step that is its own probe': [
    fence('bash verify id=a probe=a'),
    'cycle @ 11:27 «```bash verify id=a probe=a» → take one of the references out',
  ],
  'an undo that is no rollback': [
    fence('bash verify effect=write undo=uses'),
    'undo-stage @ 11:34 «```bash verify effect=write undo=uses» → make uses a rollback step, or name one',
  ],
  'an undo of a step that reads': [
    fence('bash rollback id=back') + fence('bash verify undo=back'),
    'undo-of-read @ 14:21 «```bash verify undo=back» → leave undo out, or declare effect=write',
  ],
  'a probe that writes': [
    fence('bash verify probe=uses'),
    'probe-writes @ 11:22 «```bash verify probe=uses» → a probe only looks whether the step took effect: name a read step',
  ],
  'a retry of what destroys': [
    fence('bash seed effect=destroy retry=2x1s'),
    'retry-destroys @ 11:35 «```bash seed effect=destroy retry=2x1s» → leave retry out',
  ],
  'more tries than the budget': [
    fence('bash verify budget=2 retry=2x1s'),
    'retry-over-budget @ 11:31 «```bash verify budget=2 retry=2x1s» → retry=1x… at most: the first try counts too',
  ],
  'triage without a symptom': [
    fence('bash triage'),
    'heading-missing @ 11:1 «```bash triage» → put a heading above it: it is the symptom that is offered in an incident',
  ],
  'triage that writes': [
    `# It is down\n${fence('bash triage effect=write')}`,
    'triage-writes @ 12:23 «```bash triage effect=write» → make it a remedy, under the same heading',
  ],
  'a remedy that nothing leads to': [
    `# It is down\n${fence('bash triage')}\n# It is slow\n${fence('bash remedy')}`,
    'remedy-unreachable @ 17:1 «```bash remedy» → put a triage step under the same heading',
  ],
  'an environment that is not there': [
    fence('bash verify when=env=stagin'),
    'environment-unknown @ 11:25 «```bash verify when=env=stagin» → did you mean `staging`?',
  ],
  'a condition on no value': [
    fence('bash verify when=nihgt'),
    'variable-undeclared @ 11:21 «```bash verify when=nihgt» → did you mean `night`?',
  ],
  'a variable that is not declared': [
    fence('http verify', 'GET $base_ulr/x'),
    'variable-undeclared @ 12:5 «$base_ulr» → did you mean `$base_url`?',
  ],
  'a variable in a list, in its column': [
    `1. First\n\n   ${fence('bash verify', '   echo "$nihgt"').replace('\n```', '\n   ```')}`,
    'variable-undeclared @ 14:10 «$nihgt» → did you mean `$night`?',
  ],
  'a shell’s expansion in a template': [
    fence('manual verify', 'Look at ${app:-x}'),
    'variable-malformed @ 12:9 «${app:-x}» → only $name and ${name} are variables here',
  ],
  'a name with two meanings': [
    fence('bash verify capture=night'),
    'name-ambiguous @ 11:24 «```bash verify capture=night» → choose another name',
  ],
  'a capture used before it is there': [
    fence('bash verify', 'echo $won') + fence('bash verify id=race capture=won'),
    'capture-order @ 12:6 «$won» → move race above verify',
  ],
  'a secret that is not declared': [
    fence('bash verify secrets=TOKN'),
    'secret-undeclared @ 11:24 «```bash verify secrets=TOKN» → did you mean `TOKEN`?',
  ],
  'a secret on a command line': [
    fence('bash verify secrets=TOKEN', 'curl -H "Authorization: $TOKEN" x'),
    'secret-on-argv @ 12:25 «$TOKEN» → give it on standard input: command <<< "$TOKEN"',
  ],
  'a secret that the step does not see': [
    fence('bash verify', 'login <<< "$TOKEN"'),
    'secret-not-named @ 12:12 «$TOKEN» → add secrets=TOKEN',
  ],
  'a secret in a URL': [
    fence('http verify secrets=TOKEN', 'GET $base_url/?t=$TOKEN'),
    'secret-in-text @ 12:18 «$TOKEN» → put it into a header or the body: URLs and assertions are shown and logged',
  ],
  'a secret in a task’s input': [
    fence('yaml verify uses=fly/status', 'app: $TOKEN'),
    'secret-in-text @ 12:6 «$TOKEN» → write TOKEN without the dollar sign where the task takes a secret’s name',
  ],
  'several things in one http step': [
    fence('http verify', 'GET $base_url/\n\n?? status = 200\n?? stauts == 200\n?? duration < 3s'),
    'http-operator @ 14:11 «?? status = 200» → did you mean `==`?',
    'http-subject @ 15:4 «?? stauts == 200» → did you mean `status`?',
    'http-value @ 16:15 «?? duration < 3s» → whole milliseconds: `?? duration < 3000`',
  ],
  'a checklist line of an unknown step, and a ticked one': [
    '- [ ] ok {usse}\n- [x] ok\n',
    'step-unknown @ 11:11 «- [ ] ok {usse}» → did you mean `uses`?',
    'checklist-checked @ 12:1 «- [x] ok» → write `- [ ]`: the run ticks it, in its journal',
  ],
  'text that hides its order': [
    fence('bash verify', 'rm \u202edb'),
    'character-invisible @ 12:4 «U+202E» → delete it: what is shown would not be what is run',
  ],
};

describe('a mistake in a step is told with its place and what would be right', () => {
  test.each(Object.entries(STEPS))('%s', (_, [body, ...expected]) => {
    expect(problems(runbook(body)).map(brief)).toEqual(expected);
  });
});

const DOCUMENTS: Record<string, [text: string, ...expected: string[]]> = {
  'an empty file': ['', 'file-empty @ 1:1 «» → begin with front matter, and a step'],
  'plain Markdown': [
    '# How we deploy\n',
    'front-matter-missing @ 1:1 «# How we deploy» → begin the file with front matter: ---, tejun: 1, title: …, environments: …, ---',
  ],
  'front matter without an end': [
    '---\ntejun: 1\n',
    'front-matter-unclosed @ 1:1 «---» → end it with a line of three dashes: ---',
  ],
  'another version': [
    FRONT.replace('tejun: 1', 'tejun: 2') + USES,
    'format-version @ 2:8 «tejun: 2» → use a newer tejun',
  ],
  'no version': [FRONT.replace('tejun: 1\n', '') + USES, 'key-missing @ 2:1 «title: Booking» → add `tejun: 1`'],
  'a misspelt key': [
    FRONT.replace('values:\n', 'vaules:\n') + fence('bash verify secrets=TOKEN'),
    'key-unknown @ 6:1 «vaules:» → did you mean `values`?',
  ],
  'an unknown guard': [
    FRONT.replace('confirm', 'confrim') + USES,
    'value-not-allowed @ 5:21 «staging: { guard: confrim, values: { app: booking-stg, base_url: "https://stg.example.com" } }» → did you mean `confirm`?',
  ],
  'no guard': [
    FRONT.replace('guard: confirm, ', '') + USES,
    'key-missing @ 5:12 «staging: { values: { app: booking-stg, base_url: "https://stg.example.com" } }» → add `guard: …`, one of: open, confirm, typed, approve, sealed',
  ],
  'a seal without a reason': [
    FRONT.replace('guard: confirm', 'guard: sealed') + USES,
    'reason-missing @ 5:14 «staging: { guard: sealed, values: { app: booking-stg, base_url: "https://stg.example.com" } }» → add `reason: …`, which is shown to whoever tries to enter it',
  ],
  'a default that does not match': [
    FRONT.replace('2025-11-15', 'tomorrow') + USES,
    String.raw`value-mismatch @ 7:68 «night: { ask: Which night?, pattern: '\d{4}-\d\d-\d\d', default: tomorrow }» → it must match \d{4}-\d\d-\d\d`,
  ],
  'a pattern that is none': [
    FRONT.replace("pattern: '", "pattern: '(") + USES,
    String.raw`pattern-malformed @ 7:40 «night: { ask: Which night?, pattern: '(\d{4}-\d\d-\d\d', default: 2025-11-15 }» → a JavaScript regular expression`,
  ],
  'a timezone that is none': [
    FRONT.replace('title: Booking', 'title: Booking\ntimezone: Mars/Base') + USES,
    'timezone-unknown @ 4:11 «timezone: Mars/Base» → an IANA name, such as America/Argentina/Buenos_Aires, Asia/Tokyo or UTC',
  ],
  'a secret in lower case': [
    FRONT.replace('TOKEN:', 'token:') + fence('bash verify', 'echo $night'),
    'name-malformed @ 9:3 «token: { ask: The token }» → upper-case letters, digits and _, as in DATABASE_URL',
  ],
  'a secret without a question': [
    FRONT.replace('ask: The token', 'optional: true') + USES,
    'key-missing @ 9:3 «TOKEN: { optional: true }» → add `ask: …`, the question that the operator reads',
  ],
  'a secret that no step uses': [
    FRONT + fence('bash deploy', 'echo $night'),
    'secret-unused @ 9:3 «TOKEN: { ask: The token }» → take it out',
  ],
  'a value that no step uses': [
    FRONT + fence('bash deploy secrets=TOKEN'),
    String.raw`value-unused @ 7:3 «night: { ask: Which night?, pattern: '\d{4}-\d\d-\d\d', default: 2025-11-15 }» → take it out`,
  ],
  'a tab in YAML': [
    FRONT.replace('  staging:', '\tstaging:') + USES,
    'yaml @ 5:1 «staging: { guard: confirm, values: { app: booking-stg, base_url: "https://stg.example.com" } }» → indent with spaces',
  ],
  'a bracket that is not closed': [
    FRONT.replace('tejun: 1', 'tejun: [') + USES,
    'yaml @ 3:1 «title: Booking» → close it with ]',
  ],
  'a name that is taken': [
    FRONT.replace('night:', 'run:') + fence('bash deploy secrets=TOKEN', 'echo $run'),
    String.raw`name-reserved @ 7:3 «run: { ask: Which night?, pattern: '\d{4}-\d\d-\d\d', default: 2025-11-15 }» → choose another name`,
  ],
  'a secret that would change what programs do': [
    FRONT.replace('TOKEN:', 'LD_PRELOAD:') + fence('bash deploy secrets=LD_PRELOAD', 'echo $night'),
    'name-reserved @ 9:3 «LD_PRELOAD: { ask: The token }» → choose another name',
  ],
  'no step': [
    `${FRONT}Nothing here.\n`,
    'no-steps @ 1:1 «---» → write a stage word after a fence’s language: ```bash preflight',
  ],
  'a fence that is never closed': [
    `${FRONT}${USES}\`\`\`bash\nls\n`,
    'fence-unclosed @ 15:1 «```bash» → end it with a line of as many backticks as it begins with',
  ],
  'the resource of a sealed environment': [
    FRONT.replace('values:\n', '  production: { guard: sealed, reason: no, values: { app: booking-prd } }\nvalues:\n') +
      fence('bash deploy secrets=TOKEN', 'echo booking-prd $night'),
    'sealed-resource @ 13:6 «booking-prd» → use a value, such as $app, so that each environment names its own',
  ],
};

describe('a mistake in the document is told with its place and what would be right', () => {
  test.each(Object.entries(DOCUMENTS))('%s', (_, [text, ...expected]) => {
    expect(problems(text).map(brief)).toEqual(expected);
  });

  test('everything is told at once, in the order of the document', () => {
    const text = FRONT.replace('confirm', 'confrim') + fence('bash prefligth') + fence('bash verify timout=1s') + USES;
    expect(problems(text).map(({ code, where }) => `${code} ${where?.line}`)).toEqual([
      'value-not-allowed 5',
      'stage-unknown 11',
      'attribute-unknown 14',
    ]);
  });

  test('bytes that are not UTF-8', () => {
    expect(problems(Buffer.from([0x23, 0xff, 0xfe])).map(({ code }) => code)).toEqual(['encoding']);
  });
});
