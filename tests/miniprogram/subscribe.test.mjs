// Asking for one message at the tap: only where none is left, never twice a day after a no.
import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { load } from './load.mjs';
import { phone, service } from './wx.mjs';

const ROWS = [
  { kind: 'case_progress', template_id: 'P', remaining: 0, refused: false },
  { kind: 'judge_please', template_id: 'J', remaining: 2, refused: false },
  { kind: 'answer_waiting', template_id: 'A', remaining: 0, refused: false },
];

async function tapped(answers) {
  phone(service(() => ({ data: { subscriptions: structuredClone(ROWS) } })));
  wx.setStorageSync('token', 'good');
  const dialogs = [];
  wx.requestSubscribeMessage = ({ tmplIds, success, fail, complete }) => {
    dialogs.push(tmplIds);
    if (answers === null) fail({ errCode: 20004 });
    else success(answers);
    complete();
  };
  const subscribe = await load('core/subscribe.ts');
  await subscribe.prefetch();
  return { dialogs, ...subscribe };
}

test('only what the service cannot send any more is asked for', async () => {
  const { askToTell, dialogs, left } = await tapped({ P: 'accept' });
  await askToTell(['case_progress', 'judge_please']);
  assert.deepEqual(dialogs, [['P']]);
  assert.equal(left('case_progress'), 1);
  await askToTell(['case_progress', 'judge_please']);
  assert.equal(dialogs.length, 1);
});

test('a no is remembered for the day', async () => {
  for (const said of [{ P: 'reject' }, null]) {
    const { askToTell, dialogs } = await tapped(said);
    await askToTell(['case_progress']);
    await askToTell(['case_progress']);
    assert.equal(dialogs.length, 1);
  }
  const { toAsk } = await load('core/subscribe.ts');
  const day = 24 * 3600 * 1000;
  assert.deepEqual(toAsk(['case_progress'], ROWS, { case_progress: 1000 }, 1000 + day - 1), []);
  assert.deepEqual(toAsk(['case_progress'], ROWS, { case_progress: 1000 }, 1000 + day), ['P']);
});

test('who asks for it by name is asked again', async () => {
  const { askAgain, askToTell, dialogs } = await tapped({ P: 'reject' });
  await askToTell(['case_progress']);
  await askAgain('case_progress');
  assert.equal(dialogs.length, 2);
});

test('a yes counts on this phone until WeChat has told the service', async () => {
  const { askAgain, left, readLeft } = await tapped({ P: 'accept' });
  assert.equal(await askAgain('case_progress'), true);
  assert.equal((await readLeft())[0].remaining, 1);
  const later = Date.now() + 60_000;
  mock.method(Date, 'now', () => later);
  await readLeft();
  mock.restoreAll();
  assert.equal(left('case_progress'), 0);
});

test('nobody is said to have refused who was not asked', async () => {
  const { askAgain, dialogs } = await tapped({ P: 'accept' });
  assert.equal(await askAgain('something_new'), null);
  assert.equal(await askAgain('case_progress'), true);
  assert.equal(dialogs.length, 1);
});

test('without templates at hand nobody is asked and nothing breaks', async () => {
  phone(() => Promise.reject(new Error('')));
  const { askToTell, prefetch } = await load('core/subscribe.ts');
  await prefetch();
  await askToTell(['case_progress']);
});
