/** What STS calls the principal of a call: the root of an account is known by the account's number. */
export const userIdOf = (principal: string, account: string) => (principal.endsWith(":root") ? account : principal);
