using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Api;

/// <summary>One function with all its names; either <see cref="Sync"/> or <see cref="Async"/> is its implementation.</summary>
/// <param name="Section">Where the reference has it.</param>
/// <param name="Receivers">Handles on which it may be called.</param>
internal sealed record ApiFunction(ApiSection Section, ApiSignature Signature, ApiDoc Doc, ApiReceivers Receivers)
{
    /// <summary>Arguments without the handle; of a method with its receiver in front.</summary>
    public HostFunction? Sync { get; init; }

    public AsyncHostFunction? Async { get; init; }

    /// <summary>Of a method that only values of one type have: that type. Else null.</summary>
    public Type? ReceiverType { get; init; }

    /// <summary>Of such a method: what the reference calls the value.</summary>
    public string? ReceiverWord { get; init; }

    /// <summary>The part of the program that brings it; null: it is here. Until then calling it is an error.</summary>
    public string? Later { get; init; }

    public string Name => Signature.Name;

    public int ParameterCount => Signature.Parameters.Length;

    /// <summary>The names under which it stands at the top level; none for one that only a module has.</summary>
    public ImmutableArray<string> GlobalNames => Signature.IsNewerOnly ? [] : [Name, .. Doc.Older];

    /// <summary>The names with a module in front, other than <c>sys::</c>.</summary>
    public ImmutableArray<string> ModuleNames => Signature.IsNewerOnly ? [Name, .. Doc.Newer] : Doc.Newer;
}
