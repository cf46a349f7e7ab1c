/** A parameter's type, taken apart: `List<AWS::EC2::VPC::Id>`, `AWS::SSM::Parameter::Value<CommaDelimitedList>`. */
export interface ParameterType {
  readonly name: string;
  readonly isList: boolean;
  readonly isNumeric: boolean;
  /** The given text names a stored value (an SSM parameter); that value is the parameter's. */
  readonly isStored: boolean;
  /** What each value names in the cloud. */
  readonly thing?: CloudThing;
}

/** A kind of thing in the cloud that a parameter can name. */
export interface CloudThing {
  readonly name: string;
  readonly pattern: RegExp;
  readonly example: string;
  /** The resource type whose live resources are looked up; without one only the form is checked. */
  readonly resource?: string;
  /** What `Fn::ValueOf` can ask for: the live property behind each attribute. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Source: CloudFormation User Guide, "Supported AWS-specific parameter types", and Rules, "Fn::ValueOf". */
const THINGS: readonly CloudThing[] = [
  { name: "AWS::EC2::AvailabilityZone::Name", pattern: /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, example: "us-east-1a" },
  { name: "AWS::EC2::Image::Id", pattern: /^ami-[0-9a-f]+$/, example: "ami-0ff8a91507f77f867" },
  { name: "AWS::EC2::Instance::Id", pattern: /^i-[0-9a-f]+$/, example: "i-1234567890abcdef0", resource: "Instance" },
  { name: "AWS::EC2::KeyPair::KeyName", pattern: /^.{1,255}$/s, example: "my-key" },
  { name: "AWS::EC2::SecurityGroup::GroupName", pattern: /^.{1,255}$/s, example: "my-group" },
  { name: "AWS::EC2::SecurityGroup::Id", pattern: /^sg-[0-9a-f]+$/, example: "sg-a123fd85" },
  {
    name: "AWS::EC2::Subnet::Id",
    pattern: /^subnet-[0-9a-f]+$/,
    example: "subnet-123a351e",
    resource: "Subnet",
    attributes: { VpcId: "VpcID" },
  },
  { name: "AWS::EC2::Volume::Id", pattern: /^vol-[0-9a-f]+$/, example: "vol-3cdd3f56", resource: "Volume" },
  { name: "AWS::EC2::VPC::Id", pattern: /^vpc-[0-9a-f]+$/, example: "vpc-a123baa3", resource: "VPC", attributes: {} },
  { name: "AWS::Route53::HostedZone::Id", pattern: /^Z[A-Z0-9]{1,31}$/, example: "Z23YXV4OVPL04A" },
  { name: "AWS::SSM::Parameter::Name", pattern: /^[A-Za-z0-9_.\-/]{1,2048}$/, example: "/app/stage" },
];

const PLAIN: Readonly<Record<string, { readonly isList: boolean; readonly isNumeric: boolean }>> = {
  String: { isList: false, isNumeric: false },
  Number: { isList: false, isNumeric: true },
  CommaDelimitedList: { isList: true, isNumeric: false },
  "List<String>": { isList: true, isNumeric: false },
  "List<Number>": { isList: true, isNumeric: true },
};
/** What a stored value can be taken as, beside the things of the cloud. Numbers are stored as texts. */
const STORED = ["String", "List<String>", "CommaDelimitedList"];
const STORED_FORM = /^AWS::SSM::Parameter::Value<(.+)>$/;
const SSM_NAME = "AWS::SSM::Parameter::Name";

const listTypeOf = ({ name }: CloudThing) => (name === SSM_NAME ? [] : [`List<${name}>`]);
const inCloud = THINGS.flatMap((thing) => [thing.name, ...listTypeOf(thing)]);

/** Every type a parameter can have, for messages and the JSON Schema. */
export const PARAMETER_TYPES: readonly string[] = [
  ...Object.keys(PLAIN),
  ...inCloud,
  ...[...STORED, ...inCloud.filter((name) => name !== SSM_NAME)].map((name) => `AWS::SSM::Parameter::Value<${name}>`),
];

export function parameterType(name: string): ParameterType | undefined {
  if (!PARAMETER_TYPES.includes(name)) return undefined;
  const inner = STORED_FORM.exec(name)?.[1];
  const whole = inner ?? name;
  const element = /^List<(AWS::.+)>$/.exec(whole)?.[1];
  const thing = THINGS.find((each) => each.name === (element ?? whole));
  const { isList, isNumeric } = PLAIN[whole] ?? { isList: element !== undefined, isNumeric: false };
  return { name, isList, isNumeric, isStored: inner !== undefined, ...(thing && { thing }) };
}
