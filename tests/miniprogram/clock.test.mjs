// A phone whose clock is wrong by a day still tells the right hours.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone } from './wx.mjs';

const DAY = 24 * 3600 * 1000;
const said = (ahead) => ({ DATE: new Date(Date.now() - ahead).toUTCString() });

test('what the service says of the time wins over a wrong clock', async () => {
  phone(() => ({}));
  const { learn, now } = await load('core/clock.ts');
  for (const ahead of [DAY, -DAY]) {
    learn(said(ahead));
    assert.ok(Math.abs(now() - (Date.now() - ahead)) < 2000);
  }
  learn(said(0));
  assert.ok(Math.abs(now() - Date.now()) < 50);
});

test('a slow line is no wrong clock, and an answer without a date changes nothing', async () => {
  const { stored } = phone(() => ({}));
  const { learn } = await load('core/clock.ts');
  learn(said(20_000));
  learn({});
  learn(undefined);
  learn({ Date: 'yesterday' });
  assert.equal(stored.get('clock-ahead') ?? 0, 0);
});
