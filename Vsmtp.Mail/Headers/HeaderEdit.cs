using System.Text;
using System.Text.Json.Serialization;

namespace Vsmtp.Mail.Headers;

/// <summary>One change to a header block, so that changes can be stored and made again on the same bytes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "edit")]
[JsonDerivedType(typeof(Prepend), "prepend")]
[JsonDerivedType(typeof(Append), "append")]
[JsonDerivedType(typeof(AppendField), "appendField")]
[JsonDerivedType(typeof(Set), "set")]
[JsonDerivedType(typeof(Remove), "remove")]
[JsonDerivedType(typeof(RemoveAll), "removeAll")]
[JsonDerivedType(typeof(Rename), "rename")]
[JsonDerivedType(typeof(ReplaceField), "replaceField")]
public abstract record HeaderEdit
{
    private HeaderEdit(string name) => Name = name;

    /// <summary>The field's name, without the colon; looked up without regard to case.</summary>
    public string Name { get; }

    /// <summary>Adds a field as the first.</summary>
    public sealed record Prepend(string Name, string Value) : HeaderEdit(Name);

    /// <summary>Adds a field as the last.</summary>
    public sealed record Append(string Name, string Value) : HeaderEdit(Name);

    /// <summary>Adds a field as the last, with all bytes that it has elsewhere: folds, blanks, letters.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Field">The field with its line ends, a character (of Latin-1) for each octet.</param>
    public sealed record AppendField(string Name, string Field) : HeaderEdit(Name)
    {
        public static AppendField Of(HeaderField field) => new(field.Name, Encoding.Latin1.GetString(field.Raw.Span));
    }

    /// <summary>Replaces the first field of that name and its continuation lines, or adds it as the last.</summary>
    public sealed record Set(string Name, string Value) : HeaderEdit(Name);

    /// <summary>Puts a field, byte for byte, in the place of the first one of that name.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Field">The field with its line ends, a character (of Latin-1) for each octet.</param>
    public sealed record ReplaceField(string Name, string Field) : HeaderEdit(Name);

    /// <summary>Takes out the first field of that name.</summary>
    public sealed record Remove(string Name) : HeaderEdit(Name);

    /// <summary>Takes out every field of that name.</summary>
    public sealed record RemoveAll(string Name) : HeaderEdit(Name);

    /// <summary>Gives the first field of that name another one; its value keeps its bytes.</summary>
    public sealed record Rename(string Name, string NewName) : HeaderEdit(Name);
}
