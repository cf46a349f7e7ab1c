/** What messages of queues and topics may carry beside their bodies. */

/** 1 to 256 letters, digits, `_`, `-` and single dots within; a cloud's own prefixes are kept for it. */
export const ATTRIBUTE_NAME = /^(?!aws[.]|amazon[.]|[.])(?!.*[.][.])(?!.*[.]$)[A-Za-z0-9_.-]{1,256}$/i;

const DECIMAL = /^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** Whether a text is a number in decimal digits: neither words nor other bases, and no spaces around it. */
export const isNumberText = (text: string | Uint8Array): boolean => typeof text === "string" && DECIMAL.test(text);
