/**
 * Two kinds of coordinates: maps in China show GCJ-02, shifted some hundred metres from the WGS-84 of a GPS receiver.
 *
 * The service keeps WGS-84, wx.openLocation and the component `map` take GCJ-02 (platform page wx.openLocation). The shift
 * is the well-known published approximation, the same as in app/rules/coordinates.py.
 */
export interface Point {
  /** Degrees. */
  lat: number;
  lng: number;
}

/** The ellipsoid of the shift: Krassowsky 1940, semi-major axis in metres and first eccentricity squared. */
const AXIS = 6378245.0;
const ECCENTRICITY = 0.00669342162296594323;
/** The mean radius of the earth in metres. */
const RADIUS = 6371008.8;

const { PI, abs, asin, cos, sin, sqrt } = Math;
const radians = (degrees: number) => (degrees * PI) / 180;
const degrees = (angle: number) => (angle * 180) / PI;

/** A WGS-84 point as maps in China show it; unchanged outside of China. */
export function toGcj02({ lat, lng }: Point): Point {
  if (!(lat >= 0.8293 && lat <= 55.8271 && lng >= 72.004 && lng <= 137.8347)) return { lat, lng };
  const x = lng - 105, y = lat - 35, root = sqrt(abs(x));
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    + ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y / 30) * PI)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    + ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const bend = 1 - ECCENTRICITY * sin(radians(lat)) ** 2;
  return {
    lat: lat + degrees(north / ((AXIS * (1 - ECCENTRICITY)) / (bend * sqrt(bend)))),
    lng: lng + degrees(east / ((AXIS / sqrt(bend)) * cos(radians(lat)))),
  };
}

/** How far it is from one point to another as the crow flies, in metres. */
export function metres(from: Point, to: Point): number {
  const [up, across] = [sin(radians(to.lat - from.lat) / 2), sin(radians(to.lng - from.lng) / 2)];
  return 2 * RADIUS * asin(sqrt(up * up + cos(radians(from.lat)) * cos(radians(to.lat)) * across * across));
}
