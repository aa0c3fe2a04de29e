import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellAssignments, shellReferences } from '../../src/runbook/shell-variables.ts';

describe('the variables that a shell script expands', () => {
  test.each<[script: string, names: string[]]>([
    ['echo $a ${b} "$c" "${d}"', ['a', 'b', 'c', 'd']],
    [`echo '$a' "it's $b"`, ['b']],
    ['echo \\$a "\\$b" $c', ['c']],
    ['echo $1 $? $# $@ $$ $a', ['a']],
    ['echo a#$b # $c\n# $d\necho $e', ['b', 'e']],
    ['echo "$(cat "$a" | sed \'s/$b//\')" $c', ['a', 'c']],
    ['echo `cat $a`', ['a']],
    ['echo $((a + $b)) ${c[0]} ${#d} ${!e}', ['b', 'c', 'd', 'e']],
    ["echo $'\\'$a' $b", ['b']],
    ['cat <<EOF\n$a \\$b\nEOF\necho $c', ['a', 'c']],
    ["cat <<'EOF'\n$a\nEOF\necho $c", ['c']],
    ['cat <<-EOF\n\t$a\n\tEOF\necho $b', ['a', 'b']],
    ['cat <<A <<"B"\n$a\nA\n$b\nB\n$c', ['a', 'c']],
    ['login <<< "$a"', ['a']],
    ['case $a in x) echo $b;; *) echo $c;; esac', ['a', 'b', 'c']],
    ['echo ${a%%/*} ${b//x/$c} ${d:0:3}', ['a', 'b', 'c', 'd']],
  ])('%s', (script, names) => {
    expect(shellReferences(script).map(({ name }) => name)).toEqual(names);
  });

  test.each(['${a:-x}', '${a-x}', '${a:+x}', '${a:=x}', '${a:?x}'])(
    '%s says what to do when it is not set',
    (script) => {
      expect(shellReferences(script)).toEqual([{ name: 'a', index: 0, length: script.length, guarded: true }]);
    },
  );

  test('are at the place where they are said to be, in any text', () => {
    const text = fc.string({
      unit: fc.constantFrom('$', '{', '}', '(', ')', '"', "'", '\\', '`', '#', '<', '\n', ' ', 'a', 'b', ':', '-'),
    });
    fc.assert(
      fc.property(text, (script) => {
        for (const { name, index } of shellReferences(script))
          expect(script.slice(index)).toMatch(new RegExp(`^\\$(\\{[#!]?)?${name}`));
      }),
    );
  });
});

test('the names that a script gives a value itself', () => {
  const script = `
    a=1 export b=2; local c d=3
    for e in x y; do read -r f g; done
    while getopts ab h; do printf -v i x; done
    mapfile -t j < file; ((k = 1)); l[0]=x; m+=y
    (n=1); o=$(p=2)
  `;
  expect([...'abcdefghijklmnop'].filter((name) => !shellAssignments(script).has(name))).toEqual([]);
  expect(shellAssignments('echo "$a" b == c').has('c')).toBe(false);
});
