namespace Orleans.Runtime;

/// <summary>The kind of a grain, as text in lower case without the word "grain".</summary>
public readonly struct GrainType : IEquatable<GrainType>
{
    private readonly string _value;

    private GrainType(string value) => _value = value;

    public static GrainType Create(string value) => new(value);

    public bool Equals(GrainType other) => _value == other._value;

    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);

    public override string ToString() => _value;

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
}

/// <summary>The key of a grain within its kind, as text.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>
{
    private readonly string _value;

    private IdSpan(string id) => _value = id;

    public static IdSpan Create(string id) => new(id);

    public bool Equals(IdSpan other) => _value == other._value;

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);

    public override string ToString() => _value;

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}

/// <summary>Kind and key: which grain.</summary>
public readonly struct GrainId(GrainType type, IdSpan key) : IEquatable<GrainId>
{
    public GrainType Type { get; } = type;

    public IdSpan Key { get; } = key;

    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));

    public bool Equals(GrainId other) => Type == other.Type && Key == other.Key;

    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, Key);

    public override string ToString() => $"{Type}/{Key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
