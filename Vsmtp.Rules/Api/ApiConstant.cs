using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Api;

/// <summary>A value that every script may name; its 2.x name is a function without parameters.</summary>
/// <param name="Name">Null: only 2.x has it.</param>
internal sealed record ApiConstant(ApiSection Section, string? Name, ImmutableArray<string> Newer, Value Value);
