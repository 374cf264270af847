using System.Reflection;

namespace Vsmtp.GrainHost.Contract.Surface;

/// <summary>
/// What a grain can say to Vsmtp.Orleans.Surface it can say to Orleans: each public type and member is there with the same signature.
/// What Orleans has beyond that is no fault.
/// </summary>
public sealed class SurfaceTests : IDisposable
{
    private readonly MetadataLoadContext _metadata = new(new PathAssemblyResolver(
    [
        .. FilesBeside(typeof(object)), .. FilesBeside(typeof(Microsoft.Extensions.Hosting.IHost)), SurfaceFile, .. OrleansFiles,
    ]));

    public static TheoryData<string> Types => [.. typeof(IGrainBase).Assembly.GetExportedTypes().Select(type => type.FullName!)];

    private static string SurfaceFile => Path.Combine(AppContext.BaseDirectory, "Vsmtp.Orleans.Surface.dll");

    private static string[] OrleansFiles => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Orleans"), "*.dll");

    public void Dispose() => _metadata.Dispose();

    [Theory, MemberData(nameof(Types))]
    public void A_type_of_the_surface_is_as_Orleans_has_it(string name)
    {
        var ours = _metadata.LoadFromAssemblyPath(SurfaceFile).GetType(name, throwOnError: true)!;
        var theirs = Assert.Single(OrleansFiles.Select(file => _metadata.LoadFromAssemblyPath(file).GetType(name)).OfType<Type>());
        Assert.True(theirs.IsVisible, $"{name} is not public in Orleans.");
        var differences = string.Join(Environment.NewLine, TypeDifferences.Between(ours, theirs));
        Assert.True(differences.Length == 0, differences);
    }

    [Theory]
    [InlineData(typeof(Plain), typeof(Plain), "")]
    [InlineData(typeof(Plain), typeof(OtherReturn), "int M(int a)")]
    [InlineData(typeof(Plain), typeof(OtherName), "int M(int a)")]
    [InlineData(typeof(Plain), typeof(OtherOption), "int M(int a)")]
    [InlineData(typeof(Plain), typeof(OtherAccess), "int M(int a)")]
    [InlineData(typeof(Unbounded), typeof(Bounded), "void M<1>()")]
    [InlineData(typeof(Settable), typeof(OnlyRead), "int P { get; set; }")]
    [InlineData(typeof(Plain), typeof(IKind), "class")]
    public void A_difference_is_found(Type ours, Type theirs, string difference)
    {
        var found = string.Join(' ', TypeDifferences.Between(ours, theirs));
        if (difference.Length == 0) Assert.Empty(found);
        else Assert.Contains(difference, found.Replace("System.Int32", "int", StringComparison.Ordinal).Replace("System.Void", "void", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string[] FilesBeside(Type type) => Directory.GetFiles(Path.GetDirectoryName(type.Assembly.Location)!, "*.dll");

#pragma warning disable CA1052, CA1040 // types to be compared, no types to be used
    public class Plain
    {
        public int M(int a) => a;
    }

    public class OtherReturn
    {
        public long M(int a) => a;
    }

    public class OtherName
    {
        public int M(int b) => b;
    }

    public class OtherOption
    {
        public int M(int a = 1) => a;
    }

    public class OtherAccess
    {
        protected int M(int a) => a;
    }

    public class Unbounded
    {
        public void M<T>()
        {
        }
    }

    public class Bounded
    {
        public void M<T>()
            where T : class
        {
        }
    }

    public class Settable
    {
        public int P { get; set; }
    }

    public class OnlyRead
    {
        public int P { get; }
    }

    public interface IKind;
#pragma warning restore CA1052, CA1040
}
