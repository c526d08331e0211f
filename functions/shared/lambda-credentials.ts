import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces the SDK's default credential chain in the bundles: Lambda provides credentials in the environment, so the
 * chain's other providers (SSO, profiles, instance metadata …) would only make every bundle larger.
 */
export const defaultProvider = () => fromEnv();
