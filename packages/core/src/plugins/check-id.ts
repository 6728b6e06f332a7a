/**
 * What an id may be. Ids are typed in configurations, shown in terminals, and name metrics and results: no blanks or
 * control characters, nothing that would need quotes, and no name that every JavaScript object has already.
 */
const ID = /^[A-Za-z0-9@][\w@./:+-]{0,199}$/;

/** What is wrong with an id, or undefined. */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string' || !ID.test(id))
    return 'an id is 1 to 200 letters, digits and any of - _ . / : + @, and begins with a letter, digit or @';
  return id in {} ? 'every JavaScript object has something of this name' : undefined;
}
