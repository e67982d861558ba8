/**
 * The false alarms of a whole fleet: its rule alone, without a network around it, so that a day of
 * ten thousand targets takes minutes.
 *
 * @module
 */

import { SHORTEST_SILENCE_MS } from "../detect/adaptive_limit.ts";
import { ConsecutiveLosses, RECOVER_REPLIES } from "../detect/consecutive_losses.ts";
import type { LossModel } from "../impairment/loss.ts";
import { Lessons } from "../monitor/lessons.ts";

/** One target that never stops, and the rule that watches it. */
export interface AlarmTrial {
  /** Which heartbeats are lost. */
  readonly loss: LossModel;
  /** How many heartbeats are sent. */
  readonly heartbeats: number;
  /** From one heartbeat to the next, milliseconds, no less than the timeout. */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, milliseconds. */
  readonly timeoutMs: number;
  /** One false alarm in this many heartbeats is allowed. */
  readonly falseAlarmEvery: number;
}

/**
 * Counts the alarms that `--max-losses auto` raises about one target, as `monitor/belief.ts` has
 * it: each heartbeat is settled before the next leaves.
 */
export function alarmsOf(
  { loss, heartbeats, intervalMs, timeoutMs, falseAlarmEvery }: AlarmTrial,
): number {
  const lessons = new Lessons({ maxLosses: "auto", falseAlarmEvery });
  const losses = new ConsecutiveLosses({ limit: () => lessons.limit, recover: RECOVER_REPLIES });
  let alarms = 0;
  let silentSinceMs = 0;
  for (let seq = 1; seq <= heartbeats; seq++) {
    const sentAtMs = (seq - 1) * intervalMs;
    if (loss()) {
      lessons.learn(true, sentAtMs);
      losses.giveUp(seq);
      if (losses.stopped || sentAtMs + timeoutMs - silentSinceMs < SHORTEST_SILENCE_MS) continue;
      losses.judge();
      if (!losses.stopped) continue;
      alarms++;
      lessons.alarm();
    } else {
      lessons.learn(false, sentAtMs);
      losses.answered(seq);
      silentSinceMs = sentAtMs;
    }
  }
  return alarms;
}
