using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Somebody else wrote the state in between; what the grain has in memory is stale.</summary>
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : base(errorMsg)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The ETag in the store, where the storage knows it.</summary>
    public string? StoredEtag { get; private set; }

    /// <summary>The ETag that the grain had read.</summary>
    public string? CurrentEtag { get; private set; }

    /// <summary>False once it has left the activation whose state it is about: a caller that passes it on is not stale.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}
