// What waits for a worker: where to go first, what one can say there, and what is known without network.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const stored = new Map();
globalThis.wx = {
  getStorageSync: (key) => stored.get(key) ?? '',
  setStorageSync: (key, value) => stored.set(key, JSON.parse(JSON.stringify(value))),
};
const { lastWork, keep, lastingWords, leaving, nextAfter, ordered, pendingOf, stateWords, verbOf, verbsAfter, wayWords, workFrom, workOf } = await load('services/task.ts');

const HOME = { lat: 34.782, lng: 114.361 };
const task = (key, rest = {}) => ({ key, hazard: false, due: null, point: null, state: 'dispatched', state_words: '', updated_at: '2026-11-24T01:00:00Z', ...rest });
const due = (at) => ({ limit: 'accept', due: at, met_at: null, words: '今天 17:30前接单' });
const north = (metres) => ({ lat: HOME.lat + metres / 111_195, lng: HOME.lng });

test('danger goes before time, time before way', () => {
  const rows = [
    task('late', { due: due('2026-11-24T09:10:00Z'), point: north(100) }),
    task('near', { due: due('2026-11-24T05:40:00Z'), point: north(200) }),
    task('far', { due: due('2026-11-24T05:10:00Z'), point: north(3000) }),
    task('danger', { hazard: true, due: due('2026-11-25T09:00:00Z'), point: north(5000) }),
    task('unlimited'),
  ];
  assert.deepEqual(ordered(rows, HOME).map((one) => one.key), ['danger', 'near', 'far', 'late', 'unlimited']);
});

test('without a place of one’s own the service’s order stays where the hour is the same', () => {
  const rows = [
    task('first', { due: due('2026-11-24T05:10:00Z'), point: north(3000) }), task('second', { due: due('2026-11-24T05:40:00Z'), point: north(10) }),
  ];
  assert.deepEqual(ordered(rows, null).map((one) => [one.key, one.way]), [['first', ''], ['second', '']]);
});

test('the way is said as one walks it', () => {
  assert.deepEqual([0, 49, 260, 949, 951, 1240, Infinity].map(wayWords), ['就在您附近', '就在您附近', '离您约 250 米', '离您约 950 米', '离您约 1.0 公里', '离您约 1.2 公里', '']);
});

test('in a cellar one accepts, makes safe and handles in a row', () => {
  const work = { verbs: ['accept', 'return_back'], hazard: true };
  assert.deepEqual(verbsAfter(work, []), ['accept', 'return_back']);
  assert.deepEqual(verbsAfter(work, ['accept']), ['make_safe', 'return_back', 'handle']);
  assert.deepEqual(verbsAfter(work, ['accept', 'make_safe']), ['return_back', 'handle']);
  assert.deepEqual(verbsAfter(work, ['accept', 'make_safe', 'handle']), []);
  assert.deepEqual(verbsAfter({ ...work, hazard: false }, ['accept']), ['return_back', 'handle']);
});

test('what waits in the queue is known by its verb, words and whistles are none', () => {
  assert.deepEqual(['/cases/abc/handle', '/cases/abc/notes', '/cases/abc/whistle', '/cases', '/patrols'].map((path) => verbOf({ path })), ['handle', '', '', '', '']);
});

test('a case whose last step waits to be sent is off one’s hands, a refused one is not', () => {
  stored.set('deeds', [{ path: '/cases/a/handle', state: 'waiting' }, { path: '/cases/b/handle', state: 'refused' }, { path: '/cases/c/accept', state: 'waiting' }]);
  assert.deepEqual(['a', 'b', 'c', 'd'].map(leaving), [true, false, false, false]);
  assert.equal(pendingOf('b').length, 1);
  assert.equal(nextAfter('d', [task('a'), task('b')], leaving).key, 'b');
  assert.equal(nextAfter('b', [task('a'), task('b')], leaving), null);
  stored.clear();
});

const whole = (rest = {}) => ({
  key: 'a', number: 1001, state: 'handling', state_words: '网格员处理中', hazard: true, words: '井盖坏了', where: '幸福家园 3号楼', point: null,
  category: { name: '井盖' }, verbs: [{ verb: 'handle' }], updated_at: '2026-11-24T02:00:00Z',
  dues: [{ due: '2026-11-26T00:00:00Z', met_at: null, words: '后天前办结' }, { due: '2026-11-24T03:00:00Z', met_at: null, words: '今天 11:00前现场围护' }, { due: '2026-11-24T01:00:00Z', met_at: '2026-11-24T00:50:00Z', words: '已接单' }],
  ...rest,
});

test('a case at work tells the limit that ends first and its way from the list', () => {
  stored.set('tasks', { at: 1, tasks: [task('a', { point: HOME })] });
  const work = workOf(whole());
  assert.equal(work.limit, '今天 11:00前现场围护');
  assert.deepEqual(work.point, HOME);
  stored.clear();
});

test('without network the case is shown as it was read last, or as the list, when that is younger, tells it', () => {
  assert.equal(lastWork('a'), null);
  keep(whole());
  assert.equal(lastWork('a').whole.number, 1001);
  stored.set('tasks', { at: 1, tasks: [task('a', { state: 'dispatched', updated_at: '2026-11-24T05:00:00Z' })] });
  assert.equal(lastWork('a').whole, null);
  assert.deepEqual(lastWork('a').verbs, ['accept', 'return_back']);
  assert.deepEqual(workFrom(task('a', { state: 'reported' })).verbs, []);
  stored.clear();
});

test('a worker is not asked to judge', () => {
  assert.equal(stateWords('handled', '已办好，等您评价'), '已办好，等居民评价');
  assert.equal(stateWords('handling', '网格员处理中'), '网格员处理中');
});

test('an old list says by when, and not how long that is from now', () => {
  const limit = { limit: 'accept', due: '2026-11-24T02:11:00Z', met_at: null, words: '今天 10:11前接单，还剩 25 分钟' };
  assert.equal(lastingWords(limit, Date.parse('2026-11-24T02:00:00Z')), '今天 10:11前接单');
  assert.equal(lastingWords(limit, Date.parse('2026-11-25T02:00:00Z')), '昨天 10:11前接单，已经过了');
  assert.equal(lastingWords(null), '');
});
