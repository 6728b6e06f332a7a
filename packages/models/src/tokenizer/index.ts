export const loadTokenizer = async (_folder: string): Promise<never> => { throw new Error('being written'); };
