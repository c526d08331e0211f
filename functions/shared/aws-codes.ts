/** What a refusal by AWS means for whoever made the call; each is an error of aws-errors.ts. */
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
  /** How long it lasts, or who has to do what. */
  lasts: string;
  /** The document that it rests on. */
  source: string;
}

/**
 * Every code of AWS that is told apart, in the order in which it is looked for; read by all steps, so that no step has a
 * list of its own. What is not here is `other`. Codes are those that the SDK gives as `name`: the class where there is
 * one (ResourceContentionFault), else the code on the wire.
 */
export const awsCodes: readonly Row[] = [
  {
    codes:
      /^(RequestLimitExceeded|Throttl|TooManyRequests|ProvisionedThroughputExceeded|SlowDown|RequestThrottled|EC2ThrottledException|(KMS|Kms)Throttling|PriorRequestNotComplete)/,
    meaning: 'throttled',
    lasts: 'seconds',
    source: 'EC2 API reference "Request throttling"; "Common errors" of each service; SDK reference "Retry behavior"',
  },
  {
    codes:
      /^(UnauthorizedOperation|AccessDenied|AuthFailure|NotAuthorized|AuthorizationError|Client\.UnauthorizedOperation|Blocked$|OptInRequired|PendingVerification|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|IncompleteSignature)/,
    meaning: 'unauthorized',
    lasts: 'until a person grants it',
    source: 'EC2 API reference "Error codes"; "Common errors" of each service',
  },
  {
    codes: /^InvalidInstanceID\.NotFound$/,
    meaning: 'gone',
    lasts:
      'seconds while EC2 is not consistent, else for good: ask-again.ts has made the call again before this is said',
    source: 'EC2 API reference "Error codes", "Eventual consistency"',
  },
  {
    codes: /^IncorrectInstanceState$/,
    meaning: 'state',
    lasts: 'until the instance has come to its next state',
    source: 'EC2 API reference "Error codes"',
  },
  {
    // Of what a start needs: each comes free, ends or catches up by itself, within minutes to hours.
    codes:
      /^(Insufficient(Instance|Host|Address|ReservedInstance|Volume)?Capacity|InsufficientCapacityOn(Host|OutpostHost)|InsufficientFreeAddressesInSubnet|ReservationCapacityExceeded|InvalidCapacityReservation(Id|State)\.PendingActivation|IncorrectSpotRequestState|SpotMaxPriceTooLow|MaxSpotInstanceCountExceeded|InvalidHostState|(Incompatible|Unavailable)HostRequirements|(Concurrent|Pending)SnapshotLimitExceeded|ResourceLimitExceeded|InstanceLimitExceeded|Server\.InsufficientInstanceCapacity)/,
    meaning: 'capacity',
    lasts: 'minutes to hours',
    source:
      'EC2 API reference "Error codes"; EC2 user guide "Troubleshoot instance launch issues", "Stop a Spot Instance"',
  },
  {
    // Something else is under way on the same thing, or a thing just made is not seen everywhere yet.
    codes:
      /^(DependencyViolation|InvalidGroup\.InUse|Invalid(?!InstanceID|AssociationID|Permission|NetworkAclEntry|Spot)\w+\.NotFound|InvalidNetworkInterface\.InUse|IncorrectState|IncorrectModificationState|InvalidState$|ResourceInUse|ScalingActivityInProgress|ScalingInProgress|ResourceContention|InstanceRefreshInProgress|ConcurrentTagAccess|ConcurrentModification|ConcurrentUpdate|OperationInProgress|OperationAborted|SnapshotCreationPerVolumeRateExceeded|RetryableError|TransactionConflict|TransactionInProgress|ReplicatedWriteConflict|EntityTemporarilyUnmodifiable|WAF(OptimisticLock|UnavailableEntity)|HealthUnavailable|DependencyTimeout|ConflictException|ResourceConflict|InvalidInstanceId$|InvocationDoesNotExist|(Volume|Resource|Instance)(InProgress|Busy|NotReady))/,
    meaning: 'busy',
    lasts: 'seconds to some minutes',
    source:
      'EC2 API reference "Error codes"; Auto Scaling, ELBv2, WAFV2, KMS, SSM and DynamoDB API references, errors of each action',
  },
  {
    codes:
      /^(Unsupported|OperationNotPermitted|InvalidTenancy|ZonesMismatched|CustomerKeyHasBeenRevoked|VcpuLimitExceeded|Gateway\.NotAttached)/,
    meaning: 'refused',
    lasts: 'until a person changes something',
    source: 'EC2 API reference "Error codes"',
  },
  {
    codes:
      /^(Internal(Error|Failure|Server|Service)|ServerInternal|Service(Unavailable|Failure|Exception)|Unavailable|KMSInternal|WAFInternal|RequestTimeout|Timeout|ECONN|EPIPE|EAI_AGAIN|NetworkingError)/,
    meaning: 'unavailable',
    lasts: 'seconds to minutes',
    source: '"Common errors" of each service; SDK reference "Retry behavior"',
  },
];

/** What a code means; `other` when it is not told apart. */
export function meaningOf(code: string): Meaning {
  return awsCodes.find(({ codes }) => codes.test(code))?.meaning ?? 'other';
}
