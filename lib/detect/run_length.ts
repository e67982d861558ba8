/**
 * How often loss alone makes a run of losses while the server is alive.
 *
 * Two shares describe the losses: of the heartbeats lost after one that was answered, and of those
 * lost after one that was lost. If they are equal, losses are independent. If the second is larger,
 * losses come in bursts, and it alone decides how much a run says.
 *
 * @module
 */

/** How heartbeats are lost. */
export interface LossRates {
  /** Share lost among heartbeats whose predecessor was answered, 0 to 1. */
  readonly afterReply: number;
  /** Share lost among heartbeats whose predecessor was lost, 0 to 1. */
  readonly afterLoss: number;
}

/** A walk of more steps than this takes too long; the formula for long stretches replaces it. */
const EXACT_STEPS = 50_000;

/** The largest limit that {@linkcode rightLimit} returns. */
const LONGEST_RUN = 1_000_000;

/** The share of all heartbeats that are lost in the long run, 0 to 1. */
export function lossShare({ afterReply, afterLoss }: LossRates): number {
  return afterReply === 0 ? 0 : afterReply / (afterReply + 1 - afterLoss);
}

/**
 * Runs of at least `length` losses per heartbeat: a reply, a first loss, and the others behind it.
 * With independent losses of share p these are (1 - p) p^length.
 */
export function runsPerHeartbeat(rates: LossRates, length: number): number {
  return (1 - lossShare(rates)) * rates.afterReply * rates.afterLoss ** (length - 1);
}

/**
 * The probability that a stretch of heartbeats has a run of at least `length` losses. With
 * independent losses it is the recurrence S(n) = S(n-1) - (1-p) p^k S(n-k-1); this function walks
 * the same chain with two shares.
 *
 * @param length losses in a row, 1 or more
 * @param heartbeats length of the stretch; its first heartbeat follows a reply or a loss with the
 * probabilities of the long run
 */
export function probabilityOfRun(rates: LossRates, length: number, heartbeats: number): number {
  if (heartbeats < length) return 0;
  // Long stretches forget how they began: runs are then a Poisson process.
  if (heartbeats * length > EXACT_STEPS) {
    return -Math.expm1(-heartbeats * runsPerHeartbeat(rates, length));
  }
  const { afterReply, afterLoss } = rates;
  const share = lossShare(rates);
  // At place i: the probability that the last i heartbeats were lost, the one before them was
  // answered, and no run came before.
  const standing = new Float64Array(length);
  standing[0] = 1 - share;
  if (length > 1) standing[1] = share;
  let found = length === 1 ? share : 0;
  for (let n = 1; n < heartbeats; n++) {
    let answered: number = standing[0]! * (1 - afterReply);
    // From the longest run to the shortest, so that each place is read before it is written.
    found += standing[length - 1]! * (length === 1 ? afterReply : afterLoss);
    for (let run = length - 1; run >= 1; run--) {
      answered += standing[run]! * (1 - afterLoss);
      standing[run] = standing[run - 1]! * (run === 1 ? afterReply : afterLoss);
    }
    standing[0] = answered;
  }
  return found;
}

/**
 * The smallest limit at which loss alone raises no more false alarms than wanted; `undefined` if
 * there is none up to 1,000,000.
 *
 * @param falseAlarms wanted per heartbeat, for example 1 / 10,000
 */
export function rightLimit(rates: LossRates, falseAlarms: number): number | undefined {
  if (rates.afterLoss >= 1) return undefined;
  const first = runsPerHeartbeat(rates, 1);
  if (first <= falseAlarms) return 1;
  if (rates.afterLoss === 0) return 2;
  const limit = 1 + Math.ceil(Math.log(falseAlarms / first) / Math.log(rates.afterLoss) - 1e-9);
  return limit > LONGEST_RUN ? undefined : limit;
}

/**
 * The probability that the server has stopped, given a run of losses (Shiryaev, 1963): before each
 * heartbeat it stops with the prior probability, and a stopped server loses all.
 *
 * @param losses length of the run
 * @param prior probability of a stop per heartbeat
 */
export function probabilityOfStop(rates: LossRates, losses: number, prior: number): number {
  let odds = 0;
  for (let i = 0; i < Math.min(losses, 10_000); i++) {
    const loss = i === 0 ? rates.afterReply : rates.afterLoss;
    odds = (odds + prior) / ((1 - prior) * loss);
    if (odds > 1e9) return 1;
  }
  return odds / (1 + odds);
}
