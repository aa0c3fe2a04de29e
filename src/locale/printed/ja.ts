import type { PrintedMessages } from './types.ts';

export const ja: PrintedMessages = {
  plan: {
    steps: (count, changing) =>
      `手順 ${count} 個、${changing === 0 ? '変更はなし' : `うち ${changing} 個が変更を行う`}`,
    guards: {
      open: '最初の変更の前に、確認はありません。',
      confirm: '最初の変更の前に、確認があります。',
      typed: '最初の変更の前に、環境の名前を入力します。',
      approve: '最初の変更の前に、もう一人の承認が必要です。',
      sealed: '封鎖されています。',
    },
    effects: { read: '読み取り', write: '【変更】', destroy: '【破棄】' },
    values: '値',
    secrets: 'シークレット',
    others: 'この経路にない手順',
    checklist: (lines, proven, attested) =>
      `チェックリスト：${lines} 行、手順が確かめるもの ${proven} 行${attested === 0 ? '' : `、人が申告するもの ${attested} 行`}`,
    on: (place) => `場所 ${place}`,
    byAPerson: '人が行う',
    upTo: (time) => `最長 ${time}`,
    again: (times, apart) => `${apart} おきに ${times} 回まで再試行`,
    budget: (times) => `一回の実行で ${times} 回まで`,
    after: (steps) => `${steps} の後`,
    sees: (secrets) => `${secrets} を使う`,
    captures: (names) => `${names} を取り出す`,
    undoneBy: (step) => `取り消しは ${step}`,
    probedBy: (step) => `確認は ${step}`,
    notKept: '出力は残さない',
    anyGoodStatus: 'ステータス 200〜299',
    mayBeLeftOut: '（省略できる）',
    yieldedBy: (step) => `入力しない：${step} から得る`,
    nothingWasRun: '何も実行していません。',
  },
  approve: {
    asks: (operator, host, name, run) => `${operator}（${host}）が、${name} に実行 ${run} の承認を求めています。`,
    type: (run) => `承認するには、その ID（${run}）を入力: `,
    written: (file, command) => `${file} に書きました。承認者が実行するコマンド: ${command}`,
    approved: (run) => `${run} を承認しました。`,
    sendBack: (command) => `送り返してください。操作者が実行するコマンド: ${command}`,
  },
  runs: {
    none: '実行はまだありません。始めるには: tejun',
    heard: (operator, host, at) => `${operator}（${host}）、最後の知らせ ${at}`,
    states: {
      sealed: '封印済み',
      live: '実行中',
      stopped: '停止中',
      elsewhere: '別のホスト',
      unreadable: '読めません',
    },
  },
  show: {
    since: (operator, host, at) => `${operator}${host === undefined ? '' : `（${host}）`} · ${at} から`,
    heard: (at) => `チームの保管庫で分かる範囲、最後の知らせ ${at}`,
    attempt: (number) => `${number} 回目`,
    edited: '実行の前にコマンドが編集されています：',
  },
};
