/**
 * Words that attackers try first and that any log of a deploy is full of. A secret that is one of them can be guessed,
 * and masking it would hide ordinary output and, by that, tell what it is (actions/runner #507).
 */
const COMMON = new Set(
  `abc123 abcdef access account admin administrator alpine amazon anonymous apache api app application asdfgh asdfghjkl
   auth authentik aws azure backend backup baseball batman beta bitnami blank booking bootstrap build cache calvin canary
   celery changed charlie chocolate cisco client cloud compose computer config connect console container cookie daemon
   data database db debug default demo deploy development dev docker dragon empty enabled env error example external
   failed false fly football foobar frontend gateway github gitlab grafana guest health healthy hello host hunter
   iloveyou image info internal jenkins jordan kafka key keycloak killer kubernetes letmein live local localhost log
   login machine manager master maria mariadb michael migrate minio mongo monkey mysecret mysql neon network newpass
   nginx nobody node nothing null oauth online operator oracle owner pass passphrase passw0rd passwd password pg
   pgadmin pokemon port postgres postgresql princess private prod production public python qazwsx qwerty qwertyuiop
   rabbitmq ready redis release remote render root running sample secret secure server service session shadow shop
   ssl staging started starwars stopped sunshine superman superuser supabase support system tejun temp temporary test
   tester testing tmp token tomcat trustno1 ubuntu undefined unknown user username vault welcome whatever worker www
   zaq12wsx zxcvbn zxcvbnm`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Whether a value is a word that is tried first, also in capitals or with a few digits and signs behind it. Pure. */
export function isCommonWord(text: string): boolean {
  const lower = text.toLowerCase();
  const bare = lower.replace(/[^a-z]{1,5}$/, '');
  return COMMON.has(lower) || COMMON.has(bare) || /^\d{1,8}$/.test(text);
}

/** So many different characters a class of them has, as whoever guesses must reckon. */
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[ -/:-@[-`{-~]/, 33],
  [/[^ -~]/, 100],
];

/**
 * At most so many bits of chance are in a text: its characters, but for those that only go on as the last ones did (`aaa`,
 * `abc`, `321`, `xyxyxy`), each as one of the alphabet that it is written in. It finds what is surely too weak; that a value
 * is random it cannot tell. Pure.
 */
export function mostEntropyBits(text: string): number {
  const alphabet = CLASSES.reduce((size, [pattern, more]) => size + (pattern.test(text) ? more : 0), 0);
  // What is all hexadecimal was drawn from sixteen.
  const size = /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text) ? 16 : alphabet;
  return size === 0 ? 0 : surprising(period(text)) * Math.log2(size);
}

/** The part that a text repeats; all of it where it repeats none. */
function period(text: string): string {
  const length = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, Math.max(length, 0));
}

function surprising(text: string): number {
  const units = [...text].map((char) => char.codePointAt(0) ?? 0);
  return units.filter((unit, at) => {
    const [before, earlier] = [units[at - 1], units[at - 2]];
    if (before === undefined || earlier === undefined) return true;
    const step = unit - before;
    return Math.abs(step) > 1 || step !== before - earlier;
  }).length;
}
