/** Handlers of SQS messages that give back what sqs-consumer shall delete. */
export function handlersOf(work, effects) {
  const handleOne = async (message) => {
    const event = JSON.parse(message.Body);
    if (effects) await effects.one(event);
    await work(event);
    return message;
  };
  const handleBatch = async (messages) => {
    const events = messages.map(({ Body }) => JSON.parse(Body));
    if (effects) await effects.batch(events);
    await Promise.all(events.map((event) => work(event)));
    return messages;
  };
  return { handleOne, handleBatch };
}

/** What went wrong, once of each kind: a contestant that fails silently would only look slow. */
export function reporter(library) {
  const seen = new Set();
  return (error) => {
    const cause = error?.error ?? error;
    const text = `${library}: ${cause?.message ?? JSON.stringify(cause)}`;
    // An abort is what ends the warm-up.
    if (seen.has(text) || /abort/i.test(text)) return;
    seen.add(text);
    console.error(text);
  };
}
