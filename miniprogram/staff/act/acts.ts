/** What a worker or admin can say to a case besides the daily verbs: what each asks for, and how it is sent. */
import { day } from '../../services/case';
import type { DeedIn } from '../../types/api';

/** What a form can ask for. */
export type Field = 'note' | 'photos' | 'colleague' | 'to' | 'disposition' | 'same' | 'until' | 'days' | 'kind' | 'zone';

export interface Act {
  title: string;
  /** What it means, in a sentence. */
  about: string;
  fields: Field[];
  /** What has to be there. */
  must: Field[];
  /** Above the words, and what stands in the empty field. */
  words?: string;
  hint?: string;
  button: string;
  done: string;
  /** Words one often needs. */
  quick?: string[];
}

export const ACTS: Record<string, Act> = {
  transfer: {
    title: '转给同事', about: '同事会马上收到，居民知道换了人。', fields: ['colleague', 'note'], must: ['colleague', 'note'], words: '为什么转（必须写）',
    hint: '比如：我在医院，请帮忙', button: '转给同事', done: '已转给同事。', quick: ['我走不开', '你离得近', '要会电工'],
  },
  pass_check: {
    title: '核查通过', about: '到现场看过，确实办好了，再请居民评价。', fields: ['note'], must: [], words: '看到的情况（可以不写）', hint: '比如：新井盖平整，不响',
    button: '核查通过', done: '已通过，正在请居民评价。',
  },
  rework: {
    title: '核查不通过，返工', about: '办的人会再去。', fields: ['photos', 'note'], must: ['note'], words: '哪里没办好（必须写）', hint: '比如：井盖还会响', button: '请返工',
    done: '已请返工。', quick: ['没有修好', '现场没清理', '只修了一半'],
  },
  ask: {
    title: '问上报的居民', about: '居民在微信里直接回答；办理时限照样走。', fields: ['note', 'days'], must: ['note'], words: '问什么（必须写）', hint: '比如：是哪个单元门口的井盖？',
    button: '发出问题', done: '问题已发给居民，有回答会告诉您。', quick: ['请问具体在哪里？', '请再发一张照片', '什么时候方便上门？'],
  },
  reject: {
    title: '不予受理', about: '居民会看到原因和您写的话，请说清楚该找谁。', fields: ['disposition', 'note'], must: ['disposition', 'note'], words: '说明（必须写，居民看得到）',
    hint: '比如：这是供电公司的事，请打 95598', button: '不予受理', done: '已不予受理，居民会收到原因。',
  },
  hand_over: {
    title: '转交其他单位', about: '不归社区管的事，写清转给谁；对方没有办，居民可以要求社区接着管。', fields: ['to', 'note'], must: ['to', 'note'], words: '说明（必须写，居民看得到）',
    hint: '比如：路灯归市政所，电话 12319', button: '转交', done: '已转交，居民会收到。',
  },
  merge: {
    title: '合并到另一件', about: '同一件事合在一起办；这一件的居民有进展一样收到，不算办好。', fields: ['same', 'note'], must: ['same'], words: '说明（可以不写）', hint: '比如：同一个井盖',
    button: '合并', done: '已合并。',
  },
  extension: {
    title: '申请延期', about: '只能在到期前申请，最多两次；要另一位同志同意，居民会知道原因和新的日子。', fields: ['note'], must: ['note'], words: '原因（必须写）', hint: '比如：配件要从外地调',
    button: '申请延期', done: '',
  },
  hold: {
    title: '申请挂账', about: '一时办不了的，定好哪天接着办；每 30 天写一次进展。有危险的要先保安全。', fields: ['until', 'note'], must: ['until', 'note'], words: '原因（必须写）',
    hint: '比如：要等维修资金表决', button: '申请挂账', done: '',
  },
  plan_note: {
    title: '写挂账进展', about: '居民和跟进的邻居都会收到。', fields: ['note'], must: ['note'], words: '进展（必须写）', hint: '比如：报价已到，下周开议事会', button: '发出进展',
    done: '进展已发出。',
  },
  resume: {
    title: '恢复办理', about: '时限从现在接着走。', fields: ['note'], must: [], words: '说明（可以不写）', hint: '比如：配件到了', button: '恢复办理', done: '已恢复办理。',
  },
  classify: {
    title: '定类别', about: '居民原来说的话和类别都保留；时限按新类别重新算。', fields: ['kind'], must: ['kind'], button: '就定这个', done: '类别已定。',
  },
  keep: {
    title: '不重办', about: '居民要求重办；不重办要说清楚，居民会收到，也会知道可以找街道。', fields: ['note'], must: ['note'], words: '为什么（必须写）', hint: '比如：现场复看过，井盖已平整',
    button: '不重办', done: '已告诉居民。',
  },
  unmerge: {
    title: '取消合并', about: '这一件单独办，重新派人。', fields: ['note'], must: [], words: '说明（可以不写）', hint: '比如：不是同一个井盖', button: '取消合并', done: '已取消合并，重新派人。',
  },
};

/** Why a matter is not taken, as the service names it. */
export const DISPOSITIONS: { code: NonNullable<DeedIn['disposition']>; words: string }[] = [
  { code: 'not_a_matter', words: '不属于社区服务事项' },
  { code: 'not_found', words: '现场核实，没有发现这个问题' },
  { code: 'legal_channel', words: '应走诉讼、仲裁、信访等法定渠道' },
  { code: 'emergency_line', words: '已请拨打 110、119、120、122' },
  { code: 'no_new_facts', words: '同一件事已办过，没有新情况' },
  { code: 'secret_privacy', words: '涉及秘密或他人隐私' },
  { code: 'market', words: '属于市场服务，请找商家或社会机构' },
  { code: 'unlawful', words: '诉求违法或违背公序良俗' },
];

const ASKED: Record<Field, string> = {
  note: '请写一句话。', photos: '请拍一张照片。', colleague: '请选一位同事。', to: '请写明转给谁。', disposition: '请选一个原因。', same: '请选是和哪一件同一件事。',
  until: '请选哪天接着办。', days: '请选几天。', kind: '请选一个类别。', zone: '请选在哪里。',
};

/** What has been filled in. */
export interface Filled {
  note: string;
  files: string[];
  colleague: string;
  to: string;
  same: string;
  /** A plain date: "2026-12-24". */
  until: string;
  days: number;
  kind: string;
  disposition: string;
}

export const EMPTY: Filled = { note: '', files: [], colleague: '', to: '', same: '', until: '', days: 5, kind: '', disposition: '' };

/** What is still missing, as a sentence; empty when it can go. */
export function lack(act: Act, filled: Filled): string {
  const there: Record<Field, boolean> = {
    note: Boolean(filled.note.trim()), photos: filled.files.length > 0, colleague: Boolean(filled.colleague), to: Boolean(filled.to.trim()), disposition: Boolean(filled.disposition),
    same: Boolean(filled.same), until: Boolean(filled.until), days: filled.days > 0, kind: Boolean(filled.kind), zone: true,
  };
  const missing = act.must.find((field) => !there[field]);
  return missing ? ASKED[missing] : '';
}

/** Where it goes and with what, besides the photos. */
export function request(key: string, verb: string, filled: Filled): { path: string; body: Record<string, unknown> } {
  const note = filled.note.trim();
  if (verb === 'ask') return { path: `/cases/${key}/questions`, body: { text: note, days: filled.days } };
  if (verb === 'classify') return { path: `/cases/${key}/class`, body: { category: filled.kind } };
  if (verb === 'extension') return { path: `/cases/${key}/extension`, body: { kind: 'extension', reason: note } };
  if (verb === 'hold') return { path: `/cases/${key}/extension`, body: { kind: 'hold', reason: note, until: filled.until } };
  const more = {
    ...(filled.colleague && { worker: filled.colleague }), ...(filled.to.trim() && { to: filled.to.trim() }), ...(filled.same && { into: filled.same }),
    ...(filled.disposition && { disposition: filled.disposition }),
  };
  return { path: `/cases/${key}/${verb}`, body: { note, ...more } };
}

/** "12月24日" of a plain date. */
export const dayOf = (plain: string) => (plain ? day(`${plain}T04:00:00Z`) : '');
