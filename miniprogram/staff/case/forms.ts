/** What is asked for with each thing one can say of a case at work. */
export type Form = '' | 'accept' | 'make_safe' | 'handle' | 'return_back' | 'reject' | 'note' | 'whistle' | 'unit' | 'reporter';

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
  reject: {
    title: '不予受理', note: '居民会看到原因，请说清楚该找谁。', photos: '', words: '为什么（必须写）', hint: '比如：这是供电公司的事，请打 95598', button: '不予受理',
    done: '已不予受理，居民会收到原因。', quick: [], needWords: '请写明为什么，居民会看到。',
  },
  note: {
    title: '补充一句', note: '上报的居民也看得到。', photos: '照片（可以不拍）', words: '进展', hint: '比如：配件明天到，明天来换', button: '加上', done: '已加上，居民看得到。',
    quick: [], needOne: '请写一句话，或加一张照片。',
  },
  whistle: {
    title: '吹哨：请单位来', note: '先由社区看，社区答复后会通知您。', photos: '', words: '为什么要请（必须写）', hint: '比如：要断电才能修', button: '申请吹哨',
    done: '已申请，社区会答复您。', quick: ['要断电才能修', '要专业设备', '归他们管'], needWords: '请写明为什么要请单位来。',
  },
  unit: {
    title: '请单位来办', note: '单位只知道是什么事、在哪里，不知道是谁报的。', photos: '', words: '给同事的话（可以不写）', hint: '比如：今天下午能来', button: '就这样',
    done: '已标明，办事的人会知道。', quick: [],
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
