export async function benchAll(_json: boolean): Promise<void> { await Promise.resolve(); }
