/**
 * Places in numbers. Maps in China show GCJ-02, shifted some hundred metres from the WGS-84 of a GPS receiver; the shift
 * is the well-known published approximation. The picture of the world is Web Mercator's, as on every such map.
 */

const AXIS = 6378245;
const ECCENTRICITY = 0.00669342162296594323;
const TILE = 256;
const { sin, cos, sqrt, abs, PI } = Math;

/** A WGS-84 place as maps in China show it; unchanged outside of China. */
export function toGcj({ latitude, longitude }) {
  if (latitude < 0.8293 || latitude > 55.8271 || longitude < 72.004 || longitude > 137.8347)
    return { latitude, longitude };
  const [x, y] = [longitude - 105, latitude - 35];
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const root = sqrt(abs(x));
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves;
  north +=
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 +
    ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves;
  east +=
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 +
    ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const angle = (latitude * PI) / 180;
  const bend = 1 - ECCENTRICITY * sin(angle) ** 2;
  return {
    latitude: latitude + (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / (bend * sqrt(bend))) * PI),
    longitude: longitude + (east * 180) / ((AXIS / sqrt(bend)) * cos(angle) * PI),
  };
}

/** The way back, found by repeating the way there; better than a centimetre. */
export function toWgs(place) {
  let guess = place;
  for (let step = 0; step < 6; step += 1) {
    const there = toGcj(guess);
    guess = {
      latitude: guess.latitude + place.latitude - there.latitude,
      longitude: guess.longitude + place.longitude - there.longitude,
    };
  }
  return guess;
}

/** A place on the picture of the world at a zoom step, in pixels. */
export function project({ latitude, longitude }, scale) {
  const size = TILE * 2 ** scale;
  const height = Math.log(Math.tan(PI / 4 + (latitude * PI) / 360));
  return { x: ((longitude + 180) / 360) * size, y: (0.5 - height / (2 * PI)) * size };
}

/** The place at a point of that picture. */
export function unproject({ x, y }, scale) {
  const size = TILE * 2 ** scale;
  return {
    longitude: (x / size) * 360 - 180,
    latitude: (Math.atan(Math.sinh(PI * (1 - (2 * y) / size))) * 180) / PI,
  };
}

/** Metres between two places, on a ball. */
export function metres(one, other) {
  const turn = (degrees) => (degrees * PI) / 180;
  const high = sin(turn(other.latitude - one.latitude) / 2) ** 2;
  const wide = sin(turn(other.longitude - one.longitude) / 2) ** 2;
  return 2 * 6371000 * Math.asin(sqrt(high + cos(turn(one.latitude)) * cos(turn(other.latitude)) * wide));
}

/** How many pixels a metre is there. */
export const pixelsPerMetre = (latitude, scale) =>
  (TILE * 2 ** scale) / (2 * PI * 6378137 * cos((latitude * PI) / 180));

/** The doors and compounds of the demo's geometry, each with the words for it. */
export function named(geometry) {
  return geometry.compounds.flatMap((compound) => [
    { name: compound.name, address: compound.community, latitude: compound.lat, longitude: compound.lng },
    ...compound.buildings.map((building) => ({
      name: `${compound.name}${building.name}`,
      address: `${compound.community}${compound.name}`,
      latitude: building.lat,
      longitude: building.lng,
    })),
  ]);
}

/** The named place nearest to one, with `away` in metres; null where there is no map. */
export function nearest(place, places) {
  const all = places.map((one) => ({ ...one, away: metres(place, one) }));
  return all.sort((one, other) => one.away - other.away)[0] ?? null;
}
