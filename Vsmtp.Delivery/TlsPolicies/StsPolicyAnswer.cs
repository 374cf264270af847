namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>What came of asking a policy host.</summary>
internal abstract record StsPolicyAnswer
{
    private StsPolicyAnswer()
    {
    }

    public sealed record Fetched(StsPolicyText Policy) : StsPolicyAnswer;

    /// <param name="Why">In words, fit for a log.</param>
    public sealed record Failed(string Why) : StsPolicyAnswer;
}
