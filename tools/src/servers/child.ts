/** Ends this process in order when it is told to or when its parent is gone. */
export function endWithParent(stop: () => Promise<void>): void {
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}

export function reportReady(): void {
  process.send?.('ready');
}
