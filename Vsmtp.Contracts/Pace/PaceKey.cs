namespace Vsmtp.Contracts.Pace;

/// <summary>Keys of <see cref="IPaceGrain"/>: none is a hexadecimal number (spec/orleans-api.md, "Behaviour that bites", 2).</summary>
public static class PaceKey
{
    /// <param name="domain">Of recipients, in any case.</param>
    public static string OfDomain(string domain) => "dst-" + domain.ToLowerInvariant();

    /// <param name="name">As the rules have it.</param>
    /// <param name="delegator">Where it is: a service that moved is another one.</param>
    public static string OfService(string name, string delegator) => $"svc-{name}@{delegator.ToLowerInvariant()}";
}
