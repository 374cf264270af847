using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary><c>group</c> or <c>file</c>: a list of objects and texts; groups in it are searched too.</summary>
internal sealed class GroupObject : VslObject
{
    /// <summary>Groups inside each other: searching goes down all of them on the stack of the process.</summary>
    public const int MaxDepth = 32;

    /// <summary>Below that many members a scan is as fast as a look-up, and costs nothing where rules make groups as they run.</summary>
    private const int FewMembers = 16;

    private readonly ImmutableArray<Value> _members;
    private readonly GroupIndex? _index;
    private string? _text;

    /// <param name="kind"><c>group</c> or <c>file</c>.</param>
    /// <param name="members">Strings and objects; the caller looks at <see cref="Depth"/>.</param>
    public GroupObject(string kind, ImmutableArray<Value> members)
    {
        Kind = kind;
        _members = members;
        _index = members.Length >= FewMembers ? new GroupIndex(members) : null;
        Depth = 1 + members.Select(m => m.TryAsHost<GroupObject>(out var inner) ? inner.Depth : 0).DefaultIfEmpty().Max();
    }

    public override string Kind { get; }

    public int Depth { get; }

    public override IEnumerable<Value> Items => _members;

    public override string ToText() => _text ??= $"[{string.Join(", ", _members.Select(m => m.ToText()))}]";

    public override bool? Holds(Value item)
    {
        if (_index is null) return GroupIndex.Scan(_members, item);
        return _index.Holds(item) ?? GroupIndex.Scan(_members, item);
    }

    protected override bool Equals(VslObject other) =>
        other is GroupObject right && Kind == right.Kind && _members.SequenceEqual(right._members);
}
