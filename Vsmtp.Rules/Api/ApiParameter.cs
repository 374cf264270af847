namespace Vsmtp.Rules.Api;

/// <param name="Type">A word of the reference, e.g. <c>address</c>.</param>
internal sealed record ApiParameter(string Name, string Type);
