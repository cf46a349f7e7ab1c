/** The name of a resource in a template, from what it is called elsewhere: `photos-of-may` -> `PhotosOfMay`. */
export const logicalIdFrom = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("") || "Resource";
