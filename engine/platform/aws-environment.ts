/** Who signs the engine's own requests to an S3-compatible store. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What AWS's own tools read from the environment; the only place that does. */
export function awsEnvironment(): { readonly credentials?: AwsCredentials; readonly region?: string } {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...more } = process.env;
  const region = more["AWS_REGION"] ?? more["AWS_DEFAULT_REGION"];
  const sessionToken = more["AWS_SESSION_TOKEN"];
  const credentials = accessKeyId && secretAccessKey && { accessKeyId, secretAccessKey, sessionToken };
  return { ...(credentials && { credentials }), ...(region && { region }) };
}
