/** Waits until all items before this one have had their turn. */
export type Turn = () => Promise<void>;

/**
 * Runs `work` on item i with replica i modulo their number, each replica on one item at a time. What `work` does after
 * its turn, without waiting again, is done in the order of the items, whatever finishes first. After an error no
 * further item is begun; it is thrown when none is under way.
 */
export async function spread<T, R>(
  items: readonly T[],
  replicas: readonly R[],
  work: (item: T, replica: R, turn: Turn) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const finished = items.map(() => deferred());
  await Promise.all(
    replicas.map(async (replica, first) => {
      for (let i = first; i < items.length; i += replicas.length) {
        const before = finished[i - 1]?.promise ?? Promise.resolve();
        const turn = async (): Promise<void> => {
          await before;
          if (failure !== undefined) throw failure.error;
        };
        try {
          if (failure === undefined) await work(items[i] as T, replica, turn);
        } catch (error) {
          failure ??= { error };
        }
        // Not before the items before it: its own work may have needed no turn.
        void before.then(finished[i]?.resolve);
      }
    }),
  );
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
