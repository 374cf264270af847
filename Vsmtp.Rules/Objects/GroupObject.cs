using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary><c>group</c> or <c>file</c>: a list of objects and texts; groups in it are searched too.</summary>
internal sealed class GroupObject(string kind, ImmutableArray<Value> members) : VslObject
{
    private string? _text;

    public override string Kind => kind;

    public override IEnumerable<Value> Items => members;

    public override string ToText() => _text ??= $"[{string.Join(", ", members.Select(m => m.ToText()))}]";

    public override bool? Holds(Value item)
    {
        foreach (var member in members)
        {
            if (member == item || (member.TryAsHost<VslObject>(out var value) && value.Covers(item))) return true;
        }

        return false;
    }

    protected override bool Equals(VslObject other) =>
        other is GroupObject right && Kind == right.Kind && members.SequenceEqual(right.Items);
}
