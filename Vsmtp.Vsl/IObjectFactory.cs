namespace Vsmtp.Vsl;

/// <summary>Makes the values of <c>object</c> declarations.</summary>
public interface IObjectFactory
{
    /// <summary>Kinds that exist; any other is an error when the script is loaded. <c>file</c> is one of them.</summary>
    IReadOnlySet<string> Kinds { get; }

    /// <summary>Kinds that the lines of a file may have.</summary>
    IReadOnlySet<string> ContentKinds { get; }

    Completion Create(ObjectDeclaration declaration);
}
