/** What is asked for with each thing one can say of a case at work. */
export type Form = '' | 'accept' | 'make_safe' | 'handle' | 'return_back' | 'note' | 'grab' | 'reporter';

export interface Ask {
  title: string;
  /** What it means, in a sentence. */
  note: string;
  /** Above the photos; empty: no photos. */
  photos: string;
  /** Above the words. */
  words: string;
  hint: string;
  /** What the button says. */
  button: string;
  /** What is said when it is done. */
  done: string;
  /** Words one often needs: a tap writes them. */
  quick: string[];
  /** What has to be there: a sentence for each. */
  needPhoto?: string;
  needWords?: string;
  /** Either will do. */
  needOne?: string;
}

export const ASKS: Record<Exclude<Form, ''>, Ask> = {
  accept: {
    title: '接单，拍下处理前的样子', note: '照片可以不拍。', photos: '处理前', words: '说明（可以不写）', hint: '比如：已经在路上', button: '接单',
    done: '已接单。', quick: [],
  },
  grab: {
    title: '抢单', note: '谁先接谁办。', photos: '', words: '', hint: '', button: '抢单', done: '这件归您办了。', quick: [],
  },
  make_safe: {
    title: '现场已安全', note: '先围起来、拉开人，再慢慢修。', photos: '围护好的现场', words: '怎么围的', hint: '比如：放了锥桶，拉了警戒线', button: '现场已安全',
    done: '记下了：现场已安全。', quick: ['放了锥桶和警戒线', '已断电', '已疏散，有人看守'], needOne: '请拍一张围护好的现场，或写一句怎么围的。',
  },
  handle: {
    title: '办好了', note: '居民会看到照片和这句话，再来评价。', photos: '处理后的照片（必须有）', words: '办了什么', hint: '比如：换了新井盖，试过不响', button: '办好了',
    done: '已办好，居民会收到通知来评价。', quick: ['已修好', '已清理干净', '已和双方谈好'],
    needPhoto: '请先拍一张处理后的照片。', needWords: '请写一句办了什么，居民会看到。',
  },
  return_back: {
    title: '退回社区', note: '社区会另派人。原因只有同事看得到。', photos: '', words: '为什么退回（必须写）', hint: '比如：不在我的网格', button: '退回社区',
    done: '已退回，社区会另派人。', quick: ['不在我的网格', '要专业单位来', '找不到地方'], needWords: '请写明为什么退回。',
  },
  note: {
    title: '补充一句', note: '上报的居民也看得到。', photos: '照片（可以不拍）', words: '进展', hint: '比如：配件明天到，明天来换', button: '加上', done: '已加上，居民看得到。',
    quick: [], needOne: '请写一句话，或加一张照片。',
  },
  reporter: {
    title: '联系上报的居民', note: '居民能看到您为什么要联系。只在这件事上用。', photos: '', words: '为什么要联系（必须写）', hint: '比如：要问清在哪一层', button: '看姓名和电话',
    done: '', quick: ['要问清在哪里', '要约时间上门', '要告诉办理情况'], needWords: '请写明为什么要联系，居民看得到。',
  },
};

/** What is still missing, as a sentence; empty when it can go. */
export function lack(form: Exclude<Form, ''>, words: string, photos: number): string {
  const { needPhoto, needWords, needOne } = ASKS[form];
  if (needPhoto && !photos) return needPhoto;
  if (needWords && !words.trim()) return needWords;
  return needOne && !photos && !words.trim() ? needOne : '';
}

/** Less frequent things one can do with a case, each on a page of its own: which of them this viewer may do now. */
const FURTHER = [
  { verb: 'pass_check', icon: 'check', title: '核查通过', note: '到现场看过，确实办好了' },
  { verb: 'rework', icon: 'refresh', title: '核查不通过，返工', note: '要写原因' },
  { verb: 'transfer', icon: 'send', title: '转给同事', note: '要写原因' },
  { verb: 'ask', icon: 'talk', title: '问上报的居民', note: '居民在微信里回答' },
  { verb: 'classify', icon: 'list', title: '定类别', note: '类别不对时改' },
  { verb: 'merge', icon: 'people', title: '合并到另一件', note: '同一件事报了几次' },
  { verb: 'unmerge', icon: 'undo', title: '取消合并', note: '' },
  { verb: 'extension', icon: 'time', title: '申请延期', note: '到期前，要另一位同志同意' },
  { verb: 'hold', icon: 'time', title: '申请挂账', note: '定好哪天接着办' },
  { verb: 'plan_note', icon: 'edit', title: '写挂账进展', note: '' },
  { verb: 'resume', icon: 'walk', title: '恢复办理', note: '' },
  { verb: 'reject', icon: 'close', title: '不予受理', note: '要写原因，居民看得到' },
  { verb: 'hand_over', icon: 'send', title: '转交其他单位', note: '不归社区管的事' },
  { verb: 'keep', icon: 'info-circle', title: '不重办', note: '要写原因，居民看得到' },
];

/** `mine`: who has it; `admin`: the community. What the service offers as a verb needs no more than that. */
export function further(can: Record<string, boolean>, state: string, mine: boolean, admin: boolean) {
  const extra: Record<string, boolean> = {
    ask: (mine || admin) && ['reported', 'dispatched', 'handling'].includes(state), classify: (mine || admin) && ['reported', 'dispatched', 'handling'].includes(state),
    extension: can.extend || false, hold: can.plan || false,
  };
  return FURTHER.filter(({ verb }) => can[verb] || extra[verb]);
}
