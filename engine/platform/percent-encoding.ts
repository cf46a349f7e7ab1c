/** A text in an address: all but letters, digits and `-._~` as their bytes in percent signs. Source: RFC 3986 */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
