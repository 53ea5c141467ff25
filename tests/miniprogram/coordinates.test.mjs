// The way between the receiver's place and the map's, and how far it is.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { metres, toGcj02 } = await load('core/coordinates.ts');

test('a point in China stands some hundred metres further on its maps, as the service reckons it', () => {
  const shown = toGcj02({ lat: 34.782, lng: 114.361 });
  // app.rules.coordinates.to_gcj02((34.782, 114.361))
  assert.ok(Math.abs(shown.lat - 34.78118805786662) < 1e-9, String(shown.lat));
  assert.ok(Math.abs(shown.lng - 114.36692782225167) < 1e-9, String(shown.lng));
});

test('outside of China nothing is shifted', () => {
  assert.deepEqual(toGcj02({ lat: 48.85, lng: 2.35 }), { lat: 48.85, lng: 2.35 });
});

test('a degree of latitude is some 111 km, the way to oneself none', () => {
  assert.ok(Math.abs(metres({ lat: 34, lng: 114 }, { lat: 35, lng: 114 }) - 111_195) < 100);
  assert.equal(metres({ lat: 34.782, lng: 114.361 }, { lat: 34.782, lng: 114.361 }), 0);
});
