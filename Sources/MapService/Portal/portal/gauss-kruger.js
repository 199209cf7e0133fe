// Forward Gauss-Krüger projection by Krüger's series in the third flattening, to n^4: below 0.001 mm within 3° of the meridian.
// The ellipsoid is CGCS2000's; false easting 500 000 m, no zone prefix, scale factor 1.

const semiMajorAxisMetres = 6378137;
const flattening = 1 / 298.257222101;
const falseEastingMetres = 500000;

const n = flattening / (2 - flattening);
const rectifyingRadiusMetres = (semiMajorAxisMetres / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
const series = [
  n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
  (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
  (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
  (49561 / 161280) * n ** 4,
];
const eccentricity = Math.sqrt(flattening * (2 - flattening));

/** Easting and northing in metres (EPSG:4547 when the central meridian is 114) of a CGCS2000 longitude and latitude in degrees. */
export function gaussKruger(longitude, latitude, centralMeridian = 114) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  const difference = ((longitude - centralMeridian) * Math.PI) / 180;
  const conformalTangent = Math.sinh(Math.atanh(sine) - eccentricity * Math.atanh(eccentricity * sine));
  const xi = Math.atan2(conformalTangent, Math.cos(difference));
  const eta = Math.atanh(Math.sin(difference) / Math.sqrt(1 + conformalTangent ** 2));
  let north = xi;
  let east = eta;
  series.forEach((coefficient, index) => {
    const order = 2 * (index + 1);
    north += coefficient * Math.sin(order * xi) * Math.cosh(order * eta);
    east += coefficient * Math.cos(order * xi) * Math.sinh(order * eta);
  });
  return { easting: falseEastingMetres + rectifyingRadiusMetres * east, northing: rectifyingRadiusMetres * north };
}
