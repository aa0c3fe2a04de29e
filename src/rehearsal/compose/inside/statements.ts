/** Parts a script at the semicolons that end its statements: not at those in quotes, dollar quotes or comments. Pure. */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let at = 0;
  const end = (): void => {
    const statement = script.slice(from, at).trim();
    if (statement.replaceAll(/--.*$/gm, '').trim() !== '') statements.push(statement);
    from = at + 1;
  };
  while (at < script.length) {
    const rest = script.slice(at);
    // A command of psql's own is a line.
    const own = script.slice(from, at).trim() === '' ? /^\\.*/.exec(rest) : null;
    const skip =
      own ??
      /^(?:'(?:[^']|'')*'?|"(?:[^"]|"")*"?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*|)\$[\s\S]*?(?:\$\1\$|$))/.exec(
        rest,
      );
    if (skip) {
      at += skip[0].length;
      if (own) end();
    } else {
      if (script[at] === ';') end();
      at += 1;
    }
  }
  end();
  return statements;
}
