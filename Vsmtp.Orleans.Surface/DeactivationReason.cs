namespace Orleans;

/// <summary>Why an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    None,
    ShuttingDown,
    ActivationFailed,
    DirectoryFailure,
    ActivationIdle,
    ActivationUnresponsive,
    DuplicateActivation,
    IncompatibleRequest,
    ApplicationError,
    ApplicationRequested,
    Migrating,
    RuntimeRequested,
    HighMemoryPressure,
}

/// <summary>Why an activation ends, in a code and in words.</summary>
public readonly struct DeactivationReason(DeactivationReasonCode code, string text) : IEquatable<DeactivationReason>
{
    public DeactivationReasonCode ReasonCode { get; } = code;

    public string Description { get; } = text;

    public bool Equals(DeactivationReason other) => ReasonCode == other.ReasonCode && Description == other.Description;

    public override bool Equals(object? obj) => obj is DeactivationReason other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(ReasonCode, Description);

    public static bool operator ==(DeactivationReason left, DeactivationReason right) => left.Equals(right);

    public static bool operator !=(DeactivationReason left, DeactivationReason right) => !left.Equals(right);

    public override string ToString() => $"{ReasonCode}: {Description}";
}
