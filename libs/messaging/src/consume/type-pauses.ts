/** A type of event that is not handled for now, because message after message failed alike. */
export interface TypePause {
  type: string;
  /** Of the error they have in common. */
  fingerprint: string;
  /** Distinct messages that had failed with it when the type was paused. */
  messages: number;
  /** RFC 3339 instant. */
  pausedAt: string;
}

export interface PauseSettings {
  /** Distinct messages that fail alike, without a success between, before the type is paused. */
  messages: number;
  windowMs: number;
  /** While a type is paused, one message of it is tried so often: the probe. */
  probeEveryMs: number;
}

interface TypeState {
  /** Per fingerprint the messages that failed with it, and when each last did. */
  failures: Map<string, Map<string, number>>;
  pause: (TypePause & { nextProbeMs: number }) | undefined;
}

/** Names of types come from messages too, and those may hold anything. */
const MAX_TYPES = 200;
const MAX_FINGERPRINTS = 20;

/**
 * Decides which types of event are paused. Messages that fail in one way, one after the other, are
 * a bug of ours and not theirs: handling more would only turn them into dead letters, and the
 * queue's other types should not wait for that. One service's own; nothing is stored.
 */
export class TypePauses {
  private readonly types = new Map<string, TypeState>();

  constructor(
    private readonly settings: PauseSettings,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /**
   * Notes that a message of the type failed in this way; true when that paused the type. Counts
   * distinct messages (by id) with the same fingerprint within the window, without a success of
   * the type in between.
   */
  failed(type: string, fingerprint: string, messageId: string): boolean {
    const state = this.stateOf(type);
    if (state.pause !== undefined) return false;
    const now = this.nowMs();
    const messages = state.failures.get(fingerprint) ?? new Map<string, number>();
    // Deleted first, so that a map's order is that of the latest failures.
    messages.delete(messageId);
    messages.set(messageId, now);
    for (const [id, atMs] of messages) {
      if (atMs <= now - this.settings.windowMs) messages.delete(id);
    }
    remember(state.failures, fingerprint, messages, MAX_FINGERPRINTS);
    if (messages.size < this.settings.messages) return false;
    state.failures.clear();
    state.pause = {
      type,
      fingerprint,
      messages: messages.size,
      pausedAt: new Date(now).toISOString(),
      nextProbeMs: now + this.settings.probeEveryMs,
    };
    return true;
  }

  /** A success clears the type's counts and ends its pause; true when it ended one. */
  succeeded(type: string): boolean {
    const wasPaused = this.types.get(type)?.pause !== undefined;
    this.types.delete(type);
    return wasPaused;
  }

  /**
   * Whether a message of the type may be handled now. While paused: false, but once per
   * probeEveryMs true (the probe).
   */
  admits(type: string): boolean {
    if (this.isPaused(type)) return false;
    const pause = this.types.get(type)?.pause;
    if (pause !== undefined) pause.nextProbeMs = this.nowMs() + this.settings.probeEveryMs;
    return true;
  }

  /** Whether admits would say no, without becoming the probe. */
  isPaused(type: string): boolean {
    const pause = this.types.get(type)?.pause;
    return pause !== undefined && this.nowMs() < pause.nextProbeMs;
  }

  /** The paused types, the longest paused first. */
  list(): TypePause[] {
    const pauses = [...this.types.values()].flatMap(({ pause }) => pause ?? []);
    return pauses
      .map(({ nextProbeMs: _, ...pause }) => pause)
      .sort((one, other) => one.pausedAt.localeCompare(other.pausedAt));
  }

  /** Ends a pause on an operator's word; false when the type was not paused. */
  resume(type: string): boolean {
    return this.types.get(type)?.pause !== undefined && this.types.delete(type);
  }

  private stateOf(type: string): TypeState {
    const state = this.types.get(type) ?? { failures: new Map(), pause: undefined };
    this.types.delete(type);
    this.types.set(type, state);
    if (this.types.size > MAX_TYPES) {
      // What is paused stays so, as long as there is something else to forget.
      const all = [...this.types].slice(0, -1);
      const [oldest] = all.find(([, { pause }]) => pause === undefined) ?? all[0] ?? [];
      if (oldest !== undefined) this.types.delete(oldest);
    }
    return state;
  }
}

/** Sets the entry as the newest, and forgets the oldest beyond `most`. */
function remember<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
