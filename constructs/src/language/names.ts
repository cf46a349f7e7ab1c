const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

export const isValidLogicalId = (name: string): boolean => LOGICAL_ID.test(name);
