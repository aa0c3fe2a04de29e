/**
 * Markdown prose as plain text for a terminal: emphasis and code marks go, a link keeps its address, hard-wrapped lines
 * of a paragraph are joined (without a space between wide characters), list items stay on lines of their own.
 */
export function plainProse(markdown: string): string {
  const paragraphs = markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '');
  return paragraphs.map((block) => inline(joinLines(block))).join('\n');
}

function joinLines(block: string): string {
  return block
    .split('\n')
    .map((row) => row.trim().replace(/^>\s?/, ''))
    .reduce((text, row) => {
      if (text === '' || /^(?:[-*+]|\d+[.)])\s/.test(row) || /^\|/.test(row))
        return text === '' ? row : `${text}\n${row}`;
      const wide = /[\u3000-\u9fff\uff00-\uffef]$/.test(text) && /^[\u3000-\u9fff\uff00-\uffef]/.test(row);
      return `${text}${wide ? '' : ' '}${row}`;
    }, '');
}

function inline(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, (_, label: string, href: string) =>
      label === href ? href : `${label} (${href})`,
    )
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?!\s)([^*\n]+?)\*(?![\w*])/g, '$1')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/^#+\s+/gm, '')
    .replace(/^[*+]\s/gm, '- ');
}
