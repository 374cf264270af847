using System.Collections.Immutable;

namespace Vsmtp.Rules.Api;

/// <summary>What the reference says of a function, and under which names it is registered.</summary>
/// <param name="Signature">As <see cref="ApiSignature.Parse"/> reads it.</param>
/// <param name="Text">What it does, in a sentence or two of Markdown.</param>
internal sealed record ApiDoc(string Signature, string Text)
{
    /// <summary>Its names in vSMTP 2.x, with their modules: <c>ctx::client_ip</c>.</summary>
    public ImmutableArray<string> Newer { get; init; } = [];

    /// <summary>Its names before 1.2.</summary>
    public ImmutableArray<string> Older { get; init; } = [];

    /// <summary>The first stage at which it gives something; null: any.</summary>
    public Stage? First { get; init; }

    /// <summary>What makes it an error, behind "Error:"; null: nothing but wrong types.</summary>
    public string? Errors { get; init; }
}
