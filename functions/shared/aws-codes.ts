/** What a rejection by AWS means for the caller; each is an error in aws-errors.ts. */
export type Meaning =
  | 'throttled'
  | 'unavailable'
  | 'busy'
  | 'state'
  | 'capacity'
  | 'gone'
  | 'unauthorized'
  | 'refused'
  | 'other';

interface Row {
  codes: RegExp;
  meaning: Meaning;
}

/**
 * Every AWS error code that is handled specifically, in the order of lookup; used by all steps, so that no step has its
 * own list. How long each lasts, and the document that it is based on, stand above it. Anything else is `other`. Codes are
 * the SDK's `name`: the class if there is one (ResourceContentionFault), otherwise the code on the wire.
 */
export const awsCodes: readonly Row[] = [
  // Lasts seconds.
  // Source: EC2 API reference "Request throttling"; "Common errors" of each service; SDK reference "Retry behavior".
  {
    codes:
      /^(RequestLimitExceeded|Throttl|TooManyRequests|ProvisionedThroughputExceeded|SlowDown|RequestThrottled|EC2ThrottledException|(KMS|Kms)Throttling|PriorRequestNotComplete)/,
    meaning: 'throttled',
  },
  // Lasts until someone grants it.
  // Source: EC2 API reference "Error codes"; "Common errors" of each service.
  {
    codes:
      /^(UnauthorizedOperation|AccessDenied|AuthFailure|NotAuthorized|AuthorizationError|Client\.UnauthorizedOperation|Blocked$|OptInRequired|PendingVerification|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|IncompleteSignature)/,
    meaning: 'unauthorized',
  },
  // Lasts seconds while EC2 is not consistent, otherwise for good: ask-again.ts has already repeated the call.
  // Source: EC2 API reference "Error codes", "Eventual consistency".
  {
    codes: /^InvalidInstanceID\.NotFound$/,
    meaning: 'gone',
  },
  // Lasts until the instance reaches its next state.
  // Source: EC2 API reference "Error codes".
  {
    codes: /^IncorrectInstanceState$/,
    meaning: 'state',
  },
  // Lasts minutes to hours. Needed by a start: each becomes available on its own.
  // Source: EC2 API reference "Error codes"; EC2 user guide "Troubleshoot instance launch issues", "Stop a Spot Instance".
  {
    codes:
      /^(Insufficient(Instance|Host|Address|ReservedInstance|Volume)?Capacity|InsufficientCapacityOn(Host|OutpostHost)|InsufficientFreeAddressesInSubnet|ReservationCapacityExceeded|InvalidCapacityReservation(Id|State)\.PendingActivation|IncorrectSpotRequestState|SpotMaxPriceTooLow|MaxSpotInstanceCountExceeded|InvalidHostState|(Incompatible|Unavailable)HostRequirements|(Concurrent|Pending)SnapshotLimitExceeded|ResourceLimitExceeded|InstanceLimitExceeded|Server\.InsufficientInstanceCapacity)/,
    meaning: 'capacity',
  },
  // Lasts seconds to a few minutes. Another operation on the same resource is in progress, or a new resource is not visible everywhere yet.
  // Source: EC2 API reference "Error codes"; Auto Scaling, ELBv2, WAFV2, KMS, SSM and DynamoDB API references, errors of each action.
  {
    codes:
      /^(DependencyViolation|InvalidGroup\.InUse|Invalid(?!InstanceID|AssociationID|Permission|NetworkAclEntry|Spot)\w+\.NotFound|InvalidNetworkInterface\.InUse|IncorrectState|IncorrectModificationState|InvalidState$|ResourceInUse|ScalingActivityInProgress|ScalingInProgress|ResourceContention|InstanceRefreshInProgress|ConcurrentTagAccess|ConcurrentModification|ConcurrentUpdate|OperationInProgress|OperationAborted|SnapshotCreationPerVolumeRateExceeded|RetryableError|TransactionConflict|TransactionInProgress|ReplicatedWriteConflict|EntityTemporarilyUnmodifiable|WAF(OptimisticLock|UnavailableEntity)|HealthUnavailable|DependencyTimeout|ConflictException|ResourceConflict|InvalidInstanceId$|InvocationDoesNotExist|(Volume|Resource|Instance)(InProgress|Busy|NotReady))/,
    meaning: 'busy',
  },
  // Lasts until someone changes something.
  // Source: EC2 API reference "Error codes".
  {
    codes:
      /^(Unsupported|OperationNotPermitted|InvalidTenancy|ZonesMismatched|CustomerKeyHasBeenRevoked|VcpuLimitExceeded|Gateway\.NotAttached)/,
    meaning: 'refused',
  },
  // Lasts seconds to minutes.
  // Source: "Common errors" of each service; SDK reference "Retry behavior".
  {
    codes:
      /^(Internal(Error|Failure|Server|Service|Exception)|ServerInternal|Service(Unavailable|Failure|Exception)|Unavailable|KMSInternal|WAFInternal|RequestTimeout|Timeout|ECONN|EPIPE|EAI_AGAIN|NetworkingError)/,
    meaning: 'unavailable',
  },
];

/** The meaning of a code; `other` if it is not listed. */
export function meaningOf(code: string): Meaning {
  return awsCodes.find(({ codes }) => codes.test(code))?.meaning ?? 'other';
}
