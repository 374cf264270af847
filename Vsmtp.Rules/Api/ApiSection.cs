namespace Vsmtp.Rules.Api;

/// <summary>A chapter of the reference.</summary>
/// <param name="Text">What holds for all functions in it; may be empty.</param>
internal sealed record ApiSection(string Title, string Text);
