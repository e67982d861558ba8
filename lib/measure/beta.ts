/**
 * The Beta distribution: what counts tell of a share.
 *
 * @module
 */

/**
 * The quantile of Beta(a, b), 0 to 1, to about 1e-9.
 *
 * @param probability 0 to 1, both excluded
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return quantile(probability, a, b, logBeta(a, b), a / (a + b));
}

/**
 * Divides Beta(a, b) into `steps` parts of equal probability, and returns the middle of each, in
 * rising order.
 */
export function betaMiddles(steps: number, a: number, b: number): number[] {
  const log = logBeta(a, b);
  let x = a / (a + b);
  return Array.from({ length: steps }, (_, i) => x = quantile((i + 0.5) / steps, a, b, log, x));
}

/** The distribution function of Beta(a, b) at x, 0 to 1. */
export function betaDistribution(x: number, a: number, b: number): number {
  return distribution(x, a, b, logBeta(a, b));
}

/**
 * Newton's method, between bounds that it narrows as it goes.
 *
 * @param x where to start
 */
function quantile(probability: number, a: number, b: number, logBeta: number, x: number): number {
  let low = 0;
  let high = 1;
  while (high - low > 1e-9) {
    const excess = distribution(x, a, b, logBeta) - probability;
    if (excess < 0) low = x;
    else high = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const step = excess / density;
    if (Math.abs(step) < 1e-11) return x;
    const next = x - step;
    // Where the distribution is flat, a step leaves the bounds: halving goes on.
    x = next > low && next < high ? next : (low + high) / 2;
  }
  return x;
}

/** Abramowitz and Stegun 26.5.8, a continued fraction. */
function distribution(x: number, a: number, b: number, logBeta: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other side follows by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - distribution(1 - x, b, a, logBeta);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta);
  return front * betaFraction(x, a, b) / a;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Lentz's method of evaluating a continued fraction from its front. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => Math.abs(value) < tiny ? tiny : value;
  let c = 1;
  let d = 1 / away(1 - (a + b) * x / (a + 1));
  let result = d;
  for (let m = 1; m < 10_000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-12) break;
  }
  return result;
}

/** The logarithm of the gamma function: Stirling's series, for an argument shifted up to 10. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const square = 1 / (x * x);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}
