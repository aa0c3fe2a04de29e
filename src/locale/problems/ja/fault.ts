import type { SecretFault } from '../../../problem-codes.ts';

/** What is wrong with a secret that was not taken. */
export const fault: Readonly<Record<SecretFault, string>> = {
  base64: 'base64 ではありません。',
  'base64-length': 'base64 としての長さが違います。',
  'common-word': 'ありふれた語で、真っ先に推測されます。',
  'control-characters': '制御文字が混じっています。貼り付けで入ることがあります。',
  empty: '空です。',
  entropy: '推測されやすい値です。',
  hex: '必要な長さの 16 進数ではありません。',
  'not-text': 'UTF-8 のテキストではありません。base64 で渡してください。',
  pattern: '手順書が決めた形式と違います。',
  placeholder: '見本の値のままのようです。',
  'query-forbidden': 'URL のクエリに、あってはならない項目があります。',
  'query-required': 'URL のクエリに、必要な項目がありません。',
  'same-elsewhere': '別の環境と同じ値です。',
  'too-short': '短すぎます。',
  unmaskable: '4 文字より短く、出力の中で隠せません。',
  url: 'URL（scheme://…）ではありません。',
  'url-password': 'URL として読めません。パスワードの / @ : ? # % はパーセントエンコードが必要です。',
  'url-scheme': 'URL のスキームが違います。',
};
