import type { ProblemTexts } from './told.ts';

export const ja: ProblemTexts = {
  'approval-refused': { what: '承認は受け付けられませんでした。何も実行していません。' },
  'budget-spent': {
    what: 'この手順は、この実行で許された回数をすでに使いました。',
    next: ['理由を書いて省略する（s）', '手作業で行い、そのことを記録する（h）'],
  },
  busy: { what: '手順を実行中です。', next: ['終わるまで待つ', 'Ctrl-C で止める'] },
  'engine-failed': { what: 'エンジンが準備の途中で終わりました。何も実行していません。' },
  'environment-sealed': { what: 'この環境は封鎖されていて、入れません。' },
  'expected-text-missing': { what: '出力に、あるはずの文字列がありません。' },
  'guard-refused': { what: '環境が確認されませんでした。何も実行していません。' },
  'guard-unsatisfied': {
    what: '変更の前に、環境の確認が必要です。何も実行していません。',
    next: ['確認の画面で環境を確認する'],
  },
  'journal-dead': { what: '記録簿に書き込めません。これ以上の手順は始めません。' },
  'journal-low': {
    what: 'ディスクに空きがありません。最後の結果は保存しましたが、次の手順は始めません。',
    next: ['空きを作り、tejun を離れてから実行を再開する'],
  },
  'journal-not-writable': { what: '記録簿に書き込めません。何も始めていません。' },
  'lock-held': { what: 'この環境は、ほかの人が使っています。何も始めていません。' },
  'lock-lost': { what: 'この環境のロックを失いました。これ以上の変更は始めません。' },
  'needs-unmet': { what: '先に済ませる手順が残っています。何も実行していません。' },
  'not-typed': { what: '破壊するものの名前が入力されていません。何も実行していません。' },
  'outcome-unknown': {
    what: 'この手順の途中でエンジンが終わりました。効果があったかどうか分かりません。',
    next: ['対象を見てから、済んでいれば h', '安全なら r でもう一度実行する', '理由を書いて s で省略する'],
  },
  'run-over': { what: 'この実行は終わっています。' },
  'run-sealed': { what: 'この実行は封印されています。もう何も加えられません。' },
  'runbook-changed': { what: '実行を始めたあとでランブックが変わっています。再開していません。' },
  'secret-empty': { what: '何も入力されていません。', next: ['入力する。Esc で戻る'] },
  'secret-missing': { what: '必要なシークレットがまだ入力されていません。' },
  'secret-rejected': { what: 'このシークレットは受け付けられませんでした。', next: ['もう一度入力する'] },
  'step-running': { what: 'この手順はすでに実行中です。', next: ['終わるまで待つ', 'Ctrl-C で止める'] },
  'step-stopped': {
    what: '操作者が止めました。',
    next: ['出力を読む（l）', 'どこまで進んだかを対象で確かめてから、もう一度実行する（r）'],
  },
  'step-timeout': {
    what: '制限時間内に終わらなかったため、終了させました。',
    next: ['出力を読む（l）', 'どこまで進んだかを対象で確かめてから、もう一度実行する（r）'],
  },
  'step-unresponsive': { what: '止めるように伝えましたが終わりません。今何をしているか分かりません。' },
};
