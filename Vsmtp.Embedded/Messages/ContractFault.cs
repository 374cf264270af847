namespace Vsmtp.Embedded.Messages;

/// <summary>Something that Orleans would refuse, or that makes a message unsafe to pass without a copy.</summary>
/// <param name="Where">The type, or type and member.</param>
/// <param name="What">What is wrong with it, in words.</param>
public sealed record ContractFault(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}
