// What 我的 says: pure functions of its services, from what the service answers to what somebody reads.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const now = Date.parse('2026-11-23T02:00:00Z'); // 10:00 in Shanghai

test('a binding code is found in what was typed or scanned', async () => {
  const { codeIn } = await load('services/household.ts');
  for (const text of ['ABCD2345', ' abcd-2345 ', 'ＡＢＣＤ２３４５', 'https://doorstep.example/b?code=ABCD2345', '绑定码：ABCD2345'])
    assert.equal(codeIn(text), 'ABCD2345');
  for (const text of ['', 'ABCD234', 'ABCD23456', 'ABCD2340', 'ABCD234I', 'https://doorstep.example/menu', '井盖坏了'])
    assert.equal(codeIn(text), '');
});

test('a home says how it stands and what to do', async () => {
  const { standing } = await load('services/household.ts');
  const home = { relation: 'tenant', community: { name: '惠民社区' } };
  assert.equal(standing({ ...home, state: 'confirmed' }), '已绑定 · 租住');
  assert.equal(standing({ ...home, state: 'confirmed', relation: 'co_owner' }), '已绑定');
  assert.equal(standing({ ...home, state: 'asked' }), '已申请，等惠民社区的工作人员确认');
  assert.match(standing({ ...home, state: 'refused' }), /^惠民社区没有确认。.*再申请一次。$/);
});

test('a delegation is a sentence from either side', async () => {
  const { isOpen, told } = await load('services/delegation.ts');
  const row = { mine: 'agent', kind: 'family', name: '李＊英', community: '惠民社区', state: 'asked', state_words: '等社区确认' };
  assert.equal(told(row), '您申请替李＊英办事。请和本人一起到惠民社区，当面确认后就能用。');
  assert.match(told({ ...row, mine: 'principal', name: '张兰' }), /^张兰申请替您办事。.*不愿意，现在就可以拒绝。$/);
  assert.equal(told({ ...row, state: 'confirmed', kind: 'guardian', name: '小宝' }), '您是小宝的监护人，可以替小宝上报、看进度、评价。');
  assert.equal(told({ ...row, state: 'ended', name: '', state_words: '已结束' }), '替这位家人办事：已结束。');
  assert.deepEqual(['asked', 'confirmed', 'refused', 'ended'].map((state) => isOpen({ state })), [true, true, false, false]);
});

test('a reader is told by part and community, the system by itself, a refusal as one', async () => {
  const { told } = await load('services/reader.ts');
  const row = { part: '网格员', community: '惠民社区', deed: '查看事项', result: 'done', told: '已办' };
  assert.equal(told(row), '惠民社区的网格员：查看事项');
  assert.equal(told({ ...row, community: '' }), '网格员：查看事项');
  assert.equal(told({ ...row, part: '系统' }), '系统：查看事项');
  assert.equal(told({ ...row, result: 'refused', told: '已拒绝' }), '惠民社区的网格员：查看事项（已拒绝）');
});

test('a copy is being made, there, or gone', async () => {
  const { copyState } = await load('services/personal.ts');
  const wish = { state: 'doing', state_words: '正在办理', due_at: '2026-11-24T01:00:00Z', file_until: null };
  assert.deepEqual(copyState(wish, now), { there: false, making: true, words: '正在做，一般几分钟，最晚 明天 09:00 做好。' });
  const made = { ...wish, state: 'done', file_until: '2026-11-23T05:00:00Z' };
  assert.deepEqual(copyState(made, now), { there: true, making: false, words: '已经做好，今天 13:00 前可以取，还剩 3 小时 0 分钟。' });
  assert.deepEqual(copyState(made, now + 4 * 3600_000), { there: false, making: false, words: '已过了可以取的时间，文件已删除。' });
});

test('to be forgotten can be undone until its hour, and not a moment longer', async () => {
  const { erasureState } = await load('services/personal.ts');
  const wish = { state: 'asked', due_at: '2026-11-24T02:00:00Z', undo_until: '2026-11-24T01:00:00Z' };
  assert.equal(erasureState(wish, now).undo, true);
  assert.match(erasureState(wish, now).words, /^您已申请注销，明天 09:00 开始删除。.*还剩 23 小时 0 分钟。$/);
  assert.equal(erasureState(wish, now + 23 * 3600_000).undo, false);
  for (const state of ['doing', 'done', 'withdrawn', 'refused'])
    assert.deepEqual([erasureState({ ...wish, state, undo_until: null }, now).undo, erasureState({ ...wish, state, undo_until: null }, now).words !== ''], [false, true]);
});

test('a session is told by its device and door', async () => {
  const { where } = await load('services/session.ts');
  const agents = { 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)': '苹果手机上的小程序', 'Mozilla/5.0 (Linux; Android 14)': '安卓手机上的小程序', 'python-urllib': '小程序' };
  for (const [agent, words] of Object.entries(agents)) assert.equal(where({ agent, door: 'api' }), words);
  assert.equal(where({ agent: 'Mozilla/5.0 (Windows NT 10.0)', door: 'console' }), '电脑上的工作台（Windows 电脑）');
});

test('messages: the staff’s only for who is on duty, the rest with what is left', async () => {
  const { concerning, leftWords } = await load('services/letter.ts');
  const rows = ['case_progress', 'case_assigned', 'something_new'].map((kind) => ({ kind, remaining: 0, refused: false, template_id: kind }));
  assert.deepEqual(concerning(rows, false).map((row) => row.kind), ['case_progress']);
  assert.deepEqual(concerning(rows, true).map((row) => row.kind), ['case_progress', 'case_assigned']);
  assert.equal(leftWords({ remaining: 2, refused: true }), '还可以发 2 条');
  assert.equal(leftWords({ remaining: 0, refused: true }), '您选了不接收');
  assert.equal(leftWords({ remaining: 0, refused: false }), '现在一条也不能发');
});

test('who I am and what is still to be said', async () => {
  const { missing, partsOf } = await load('services/me.ts');
  const me = { person: { name: '' }, age_group: '', homes: [], roles: [] };
  assert.deepEqual([partsOf(me), missing(me)], ['还没有绑定住址', '请填称呼、年龄段']);
  const worker = { kind: 'grid_worker', name: '网格员', place: { name: '惠民社区' } };
  assert.equal(partsOf({ ...me, homes: [{}], roles: [worker, worker] }), '惠民社区网格员');
  assert.deepEqual([partsOf({ ...me, homes: [{}] }), missing({ ...me, person: { name: '张兰' }, age_group: 'adult' })], ['居民', '']);
});
