import { Type } from "typebox";
import { expect, test } from "vitest";
import { describeType } from "./describe-type.ts";
import { resourceType } from "./resource-type.ts";

const state = { id: "1", properties: { Kind: "small" as const }, attributes: { ShelfID: "1" } };
const shelf = resourceType({
  name: "Shelf",
  summary: "Holds books.",
  properties: Type.Object({
    Name: Type.Optional(Type.String({ minLength: 1, maxLength: 9, pattern: "^[a-z]+$", description: "For people." })),
    Kind: Type.Union([Type.Literal("small"), Type.Literal("large")]),
    Places: Type.Optional(
      Type.Array(Type.Object({ Width: Type.Integer({ minimum: 1 }), Wood: Type.Optional(Type.String()) })),
    ),
    Key: Type.Optional(Type.String()),
    RoomID: Type.Optional(Type.String()),
    Labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    IsOpen: Type.Optional(Type.Boolean({ default: true })),
  }),
  attributes: Type.Object({ ShelfID: Type.String({ description: "Given by the engine." }) }),
  ref: "ShelfID",
  replacement: { Kind: "always", "Places.*.Width": "always", RoomID: (before) => before === "cellar" },
  writeOnly: ["Key"],
  sensitive: ["Key"],
  recordedOnly: ["Places.*.Wood"],
  references: { RoomID: "Room" },
  tags: { property: "Labels", form: "map" },
  examples: [{ title: "a small one", properties: { Kind: "small" } }],
  handlers: {
    create: async () => state,
    read: async () => state,
    update: async () => state,
    delete: async () => undefined,
    list: async () => [],
  },
});

const plain = {
  isRequired: false,
  limits: [],
  replaces: "never",
  isWriteOnly: false,
  isSensitive: false,
  isRecordedOnly: false,
  isRefused: false,
};

test("a type is described from its row: every property at every depth, and what becomes of it", () => {
  expect(describeType(shelf)).toEqual({
    name: "Shelf",
    summary: "Holds books.",
    ref: "ShelfID",
    attributes: [{ name: "ShelfID", type: "text", description: "Given by the engine." }],
    examples: [{ title: "a small one", properties: { Kind: "small" } }],
    properties: [
      {
        ...plain,
        path: "Name",
        type: "text",
        description: "For people.",
        limits: ["1 to 9 characters", "matches ^[a-z]+$"],
      },
      {
        ...plain,
        path: "Kind",
        type: "text",
        isRequired: true,
        allowed: ["small", "large"],
        replaces: "always",
      },
      { ...plain, path: "Places", type: "list of maps", replaces: "sometimes" },
      {
        ...plain,
        path: "Places.*.Width",
        type: "whole number",
        isRequired: true,
        limits: ["at least 1"],
        replaces: "always",
      },
      { ...plain, path: "Places.*.Wood", type: "text", isRecordedOnly: true },
      { ...plain, path: "Key", type: "text", isWriteOnly: true, isSensitive: true },
      { ...plain, path: "RoomID", type: "text", replaces: "sometimes", refersTo: "Room" },
      { ...plain, path: "Labels", type: "map of texts" },
      { ...plain, path: "IsOpen", type: "true or false", default: true },
    ],
  });
});
